/// A container in a bucket of Amazon S3, or of a server that speaks its protocol.
///
/// Requests are signed (version 4), tried again when that may help, and their answers checked: an object whose size is not
/// what was sent is an error. Writes up to 8 MiB are one request, larger ones are multipart; nothing is seen before its
/// commit. The checksum of what Weir writes is kept as metadata, `weir-sha256`. `if_exists: fail` is one conditional
/// request, and so of many writers exactly one wins, where the store can do that (Amazon, Ceph); elsewhere the store is
/// looked at first. Keys in the bucket that no `ObjectKey` can be are not seen.
final class S3Store: ObjectStore {
  let name: ContainerName
  let location: S3Location
  let session: S3Session

  init(name: ContainerName, location: S3Location, session: S3Session) {
    self.name = name
    self.location = location
    self.session = session
  }

  func call(_ cancel: Cancellation) -> S3Call { S3Call(session: session, location: location, container: name, cancel: cancel) }

  func makeContainer() throws(StorageError) {
    var look = S3Request("HEAD")
    look.accepted = [404]
    if try call(.never).send(look).head.isSuccess { return }
    var make = S3Request("PUT")
    if location.region != "us-east-1" {
      let place = "<LocationConstraint>\(XMLElement.escaped(location.region))</LocationConstraint>"
      let xml = "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(place)</CreateBucketConfiguration>"
      make = S3Request("PUT", query: [], xml: xml)
    }
    make.accepted = [409]
    let (head, body) = try call(.never).send(make)
    guard head.isSuccess || S3Refusal(head, body).code == "BucketAlreadyOwnedByYou" else {
      throw StorageError(.denied, name.text, cause: "the bucket \(location.bucket) is somebody else's")
    }
  }

  func stat(_ key: ObjectKey) throws(StorageError) -> ObjectHead {
    guard let head = try find(key) else { throw StorageError(.noObject, subject(key)) }
    return head
  }

  /// Nil: there is no such object, but the container is there.
  func find(_ key: ObjectKey, _ cancel: Cancellation = .never) throws(StorageError) -> ObjectHead? {
    var request = S3Request("HEAD", key)
    request.accepted = [404]
    let wasKnown = session.isKnown(bucket: location.bucket)
    let head = try call(cancel).send(request).head
    if head.isSuccess { return S3Head.head(head) }
    if !wasKnown { try checkContainer() }
    return nil
  }

  /// - Throws: `.noContainer`. A HEAD that finds nothing does not say whether the bucket is missing or the object.
  private func checkContainer() throws(StorageError) {
    var request = S3Request("HEAD")
    request.accepted = [404]
    guard try call(.never).send(request).head.isSuccess else {
      session.forget(bucket: location.bucket)
      throw StorageError(.noContainer, name.text)
    }
  }

  func openRead(
    _ key: ObjectKey, range: ByteRange, etag: String?, cancel: Cancellation
  ) throws(StorageError) -> any ObjectReadStream {
    try S3Reader(self, key, range, etag: etag, cancel)
  }

  func openWrite(
    _ key: ObjectKey, options: WriteOptions, isVerified: Bool, cancel: Cancellation
  ) throws(StorageError) -> any ObjectWriteStream {
    S3Writer(self, key, options, cancel)
  }

  func remove(_ key: ObjectKey) throws(StorageError) {
    var request = S3Request("DELETE", key)
    request.accepted = [404]
    let (head, body) = try call(.never).send(request)
    guard !head.isSuccess, S3Refusal(head, body).code == "NoSuchBucket" else { return }
    session.forget(bucket: location.bucket)
    throw StorageError(.noContainer, name.text)
  }

  /// `.changed`, with the etag that the object has now.
  func changed(_ key: ObjectKey, expected: String, _ cancel: Cancellation) throws(StorageError) -> StorageError {
    StorageError(.changed(expected: expected, found: try find(key, cancel)?.etag), subject(key))
  }
}
