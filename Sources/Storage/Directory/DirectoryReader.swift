internal import Glibc

/// Reads a file, and sees at its end whether it is still the version that it was at the start.
final class DirectoryReader: ObjectReadStream, @unchecked Sendable {  // a stream is used by one thread at a time
  let head: ObjectHead
  private let file: Descriptor
  private var rest: Range<UInt64>
  private let subject: String
  private let cancel: Cancellation

  init(_ file: Descriptor, _ head: ObjectHead, range: ByteRange, subject: String, cancel: Cancellation) {
    self.file = file
    self.head = head
    self.rest = range.within(head.size)
    self.subject = subject
    self.cancel = cancel
    posix_fadvise(file.number, off_t(rest.lowerBound), off_t(rest.count), POSIX_FADV_SEQUENTIAL)
  }

  func pull(into buffer: UnsafeMutableRawBufferPointer) throws(StorageError) -> Int {
    try cancel.check(subject)
    let wanted = min(buffer.count, rest.count, 1 << 20)
    guard wanted > 0 else {
      try checkUnchanged()
      return 0
    }
    let got = pread(file.number, buffer.baseAddress, wanted, off_t(rest.lowerBound))
    guard got >= 0 else { throw StorageError(errno: errno, subject) }
    guard got > 0 else {
      try checkUnchanged()
      throw StorageError(.failed, subject, cause: "the file ended before its size")
    }
    rest = (rest.lowerBound + UInt64(got))..<rest.upperBound
    return got
  }

  private func checkUnchanged() throws(StorageError) {
    let now = ObjectHead.etag(file.status())
    if now != head.etag { throw StorageError(.changed(expected: head.etag, found: now), subject) }
  }
}
