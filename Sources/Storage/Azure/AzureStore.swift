/// A container of Azure Blob, or what is below a prefix in one.
///
/// Objects are block blobs. What is written in one piece is one Put Blob, larger ones are blocks that a Put Block List makes
/// an object, so that no half of one is ever seen; the service checks each body's MD5. The SHA-256 of what Weir writes is kept
/// as metadata. A request that fails in a way that may pass is sent again; that a write was carried out though its answer was
/// lost is found out by a mark in its metadata.
struct AzureStore: ObjectStore {
  /// Metadata: the object's SHA-256, and a random mark of the write that made it.
  static let checksumName = "weir_sha256", markName = "weir_write"

  let name: ContainerName
  let address: AzureAddress
  let client: AzureClient

  init(name: ContainerName, address: AzureAddress, session: AzureSession) {
    self.name = name
    self.address = address
    client = AzureClient(address: address, session: session)
  }

  func makeContainer() throws(StorageError) {
    var call = AzureCall("PUT", subject: name.text)
    call.query = [("restype", "container")]
    switch try client.attempt(call, cancel: .never).result {
    case .success: return
    case .failure(let refusal):
      if refusal.code == "ContainerAlreadyExists" { return }
      // a SAS may be for the container's blobs only, and the container there
      if refusal.status == 403, isThere { return }
      throw client.error(refusal, call)
    }
  }

  private var isThere: Bool {
    do throws(StorageError) {
      _ = try list(ListQuery(limit: 1), cancel: .never)
      return true
    } catch { return false }
  }

  func stat(_ key: ObjectKey) throws(StorageError) -> ObjectHead {
    let look = try look(key)
    guard look.isWhole else { throw StorageError(.noObject, subject(key)) }
    return look.head
  }

  /// What is under a key, be it an object or not yet.
  func look(_ key: ObjectKey, cancel: Cancellation = .never) throws(StorageError) -> AzureLook {
    let reply = try client.send(AzureCall("HEAD", address.name(key), subject: subject(key)), cancel: cancel).head
    return try AzureLook(reply, size: reply.contentLength, subject: subject(key))
  }

  /// The present object; nil if there is none.
  func present(_ key: ObjectKey, cancel: Cancellation) throws(StorageError) -> ObjectHead? {
    do throws(StorageError) {
      let look = try look(key, cancel: cancel)
      return look.isWhole ? look.head : nil
    } catch {
      guard error.code == .noObject else { throw error }
      return nil
    }
  }

  func openRead(
    _ key: ObjectKey, range: ByteRange, etag: String?, cancel: Cancellation
  ) throws(StorageError) -> any ObjectReadStream {
    try AzureReader(self, key, range: range, etag: etag, cancel: cancel)
  }

  func openWrite(
    _ key: ObjectKey, options: WriteOptions, isVerified: Bool, cancel: Cancellation
  ) throws(StorageError) -> any ObjectWriteStream {
    try cancel.check(subject(key))
    return AzureWriter(self, key, options, isVerified: isVerified, cancel: cancel)
  }

  func remove(_ key: ObjectKey) throws(StorageError) {
    let call = AzureCall("DELETE", address.name(key), subject: subject(key))
    switch try client.attempt(call, cancel: .never).result {
    case .success: return
    case .failure(let refusal):
      let error = client.error(refusal, call)
      guard error.code == .noObject else { throw error }
    }
  }
}
