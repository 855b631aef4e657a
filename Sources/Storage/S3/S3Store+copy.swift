extension S3Store {
  /// From the same account at the same endpoint, and from directories.
  func copiesInside(from source: any ObjectStore) -> Bool {
    source is DirectoryStore || (source as? S3Store)?.session === session
  }

  func copy(
    from source: any ObjectStore, _ sourceKey: ObjectKey, _ head: ObjectHead, to key: ObjectKey, options: WriteOptions,
    cancel: Cancellation
  ) throws(StorageError) -> WriteResult? {
    var options = options
    // who copies has looked at what is there, and equal bytes that came since may be written again
    if options.ifExists == .update { options.ifExists = .replace }
    if let directory = source as? DirectoryStore {
      return try S3FileUpload(from: directory, sourceKey, head, to: self, key, options, cancel).run()
    }
    guard let source = source as? S3Store, source.session === session else { return nil }
    return try S3Copy(from: source, sourceKey, head, to: self, key, options, cancel).run()
  }
}
