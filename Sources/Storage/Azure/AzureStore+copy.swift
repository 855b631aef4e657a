internal import struct FoundationEssentials.Date

extension AzureStore {
  func copiesInside(from source: any ObjectStore) -> Bool { source is AzureStore }

  /// The service fetches the bytes itself, from this account or another; nil where it cannot.
  func copy(
    from source: any ObjectStore, _ sourceKey: ObjectKey, _ head: ObjectHead, to key: ObjectKey, options: WriteOptions,
    cancel: Cancellation
  ) throws(StorageError) -> WriteResult? {
    guard let source = source as? AzureStore else { return nil }
    if let expected = options.sha256?.lowercased() {
      // the service computes no SHA-256: what must have one comes through us, unless the source's is known
      guard let known = head.sha256 else { return nil }
      guard known == expected else { throw StorageError(.damaged(expected: expected, found: known), source.subject(sourceKey)) }
    }
    let url = try source.readableURL(sourceKey)
    let origin = AzureCopy.Origin(store: source, key: sourceKey, url: url, head: head)
    return try AzureCopy(self, key, from: origin, options, cancel).run()
  }

  /// Where another service can read the blob for the next hours; it may hold a secret.
  private func readableURL(_ key: ObjectKey) throws(StorageError) -> String {
    let name = address.name(key)
    switch try client.session.access() {
    case .anonymous: return address.url(name)
    case .sas(let query): return address.url(name) + "?" + query
    case .sharedKey(let secret):
      let sas = AzureSAS.reading(address, blob: name, key: secret, expiry: client.session.time.addingTimeInterval(6 * 3600))
      return address.url(name) + "?" + sas
    }
  }

  /// Removes what a write of ours left under a key, if nobody wrote there since.
  func retract(_ key: ObjectKey, etag: String) {
    var call = AzureCall("DELETE", address.name(key), subject: subject(key))
    call.headers = [("If-Match", "\"\(etag)\"")]
    // the error that made us retract is the one to be told
    _ = try? client.attempt(call, cancel: .never)
  }
}
