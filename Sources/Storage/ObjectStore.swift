/// The objects of one container. Calls block; any thread may call, many at once.
public protocol ObjectStore: Sendable {
  var name: ContainerName { get }

  /// Makes the container; it may be there.
  func makeContainer() throws(StorageError)

  /// Keys in byte order. No such prefix: an empty page.
  /// - Throws: `.noContainer`.
  func list(_ query: ListQuery, cancel: Cancellation) throws(StorageError) -> ObjectPage

  /// - Throws: `.noObject`, also for what is only a prefix of keys.
  func stat(_ key: ObjectKey) throws(StorageError) -> ObjectHead

  /// Opens one version of an object: the present one, or the one with `etag`, else `.changed`.
  func openRead(
    _ key: ObjectKey, range: ByteRange, etag: String?, cancel: Cancellation
  ) throws(StorageError) -> any ObjectReadStream

  /// `isVerified`: commit fails unless the store proves that it holds what was pushed.
  func openWrite(
    _ key: ObjectKey, options: WriteOptions, isVerified: Bool, cancel: Cancellation
  ) throws(StorageError) -> any ObjectWriteStream

  /// Removes the object; it may be gone already.
  func remove(_ key: ObjectKey) throws(StorageError)

  /// A read-only descriptor, the caller's to close.
  /// - Throws: `.unsupported` where the store has no files.
  func openDescriptor(_ key: ObjectKey) throws(StorageError) -> Int32

  /// Whether `copy` has a way of its own from there, so that it is worth learning an object's head for it.
  func copiesInside(from source: any ObjectStore) -> Bool

  /// Copies by a way of the store's own, verified as by `openWrite`; nil if it cannot from there, and bytes must pass through us.
  ///
  /// `head` is the version to copy, its checksum and type where known.
  func copy(
    from source: any ObjectStore, _ sourceKey: ObjectKey, _ head: ObjectHead, to key: ObjectKey, options: WriteOptions,
    cancel: Cancellation
  ) throws(StorageError) -> WriteResult?

  /// What is known of many objects without asking for each: size, etag and time at least. A key that is not in the answer
  /// has no object. Nil: asking for each is as quick.
  func heads(of keys: [ObjectKey], cancel: Cancellation) throws(StorageError) -> [ObjectKey: ObjectHead]?
}

extension ObjectStore {
  public func openDescriptor(_ key: ObjectKey) throws(StorageError) -> Int32 {
    throw StorageError(.unsupported("the container is no directory, it has no descriptors: read it"), subject(key))
  }

  public func copiesInside(from source: any ObjectStore) -> Bool { false }

  public func copy(
    from source: any ObjectStore, _ sourceKey: ObjectKey, _ head: ObjectHead, to key: ObjectKey, options: WriteOptions,
    cancel: Cancellation
  ) throws(StorageError) -> WriteResult? { nil }

  public func heads(of keys: [ObjectKey], cancel: Cancellation) throws(StorageError) -> [ObjectKey: ObjectHead]? { nil }

  /// Reads an object or a range of it whole.
  /// - Throws: `.tooLarge` when that is more than `limit` bytes, before anything is read.
  public func read(
    _ key: ObjectKey, range: ByteRange = .all, etag: String? = nil, limit: Int = 64 << 20,
    cancel: Cancellation = .never
  ) throws(StorageError) -> (head: ObjectHead, bytes: [UInt8]) {
    let stream = try openRead(key, range: range, etag: etag, cancel: cancel)
    let wanted = range.within(stream.head.size)
    guard wanted.count <= limit else { throw StorageError(.tooLarge(limit: limit), subject(key)) }
    var failure: StorageError?
    let bytes = [UInt8](unsafeUninitializedCapacity: wanted.count + 1) { buffer, count in
      do throws(StorageError) {
        while case let got = try stream.pull(into: rest(buffer, count)), got > 0 {
          count += got
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
    return (stream.head, bytes)
  }

  private func rest(_ buffer: UnsafeMutableBufferPointer<UInt8>, _ count: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
  }

  /// Writes an object whole.
  @discardableResult
  public func write(
    _ key: ObjectKey, _ bytes: [UInt8], options: WriteOptions = WriteOptions(), cancel: Cancellation = .never
  ) throws(StorageError) -> WriteResult {
    let stream = try openWrite(key, options: options, isVerified: false, cancel: cancel)
    var failure: StorageError?
    bytes.withUnsafeBytes { all in
      do throws(StorageError) { try stream.push(all) } catch { failure = error }
    }
    if let failure { throw failure }
    return try stream.commit()
  }

  /// The SHA-256 of an object's present version, and that version; read whole if the store does not know it.
  func checksum(of key: ObjectKey, cancel: Cancellation) throws(StorageError) -> (head: ObjectHead, sha256: String) {
    let head = try stat(key)
    if let known = head.sha256 { return (head, known) }
    let stream = try openRead(key, range: .all, etag: nil, cancel: cancel)
    let digest = RunningDigest(.sha256)
    try stream.forEachPiece { piece throws(StorageError) in digest.update(piece) }
    let sha256 = digest.finishText()
    return (stream.head.with(sha256: sha256), sha256)
  }

  func subject(_ key: ObjectKey) -> String { name.text + "/" + key.text }
}

extension ObjectReadStream {
  /// The rest of the stream in pieces of at most 1 MiB.
  func forEachPiece(_ body: (UnsafeRawBufferPointer) throws(StorageError) -> Void) throws(StorageError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
    defer { buffer.deallocate() }
    while case let got = try pull(into: buffer), got > 0 {
      try body(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
    }
  }
}
