internal import Glibc
internal import Synchronization

/// Part of a file as a request's body. The file is read as it is sent.
final class FileBody: HTTPBodySource {
  private let file: Descriptor
  private let range: Range<UInt64>
  private let next: Mutex<UInt64>

  init(_ file: Descriptor, _ range: Range<UInt64>) {
    self.file = file
    self.range = range
    next = Mutex(range.lowerBound)
  }

  var size: UInt64? { UInt64(range.count) }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    next.withLock { next in
      let wanted = min(buffer.count, Int(range.upperBound - next))
      guard wanted > 0 else { return 0 }
      let got = pread(file.number, buffer.baseAddress, wanted, off_t(next))
      guard got > 0 else { return nil }  // shorter than it was
      next += UInt64(got)
      return got
    }
  }

  func rewind() -> Bool {
    next.withLock { $0 = range.lowerBound }
    return true
  }

  /// The SHA-256 of these bytes, in hex.
  /// - Throws: `.failed` when the file cannot be read or ends before.
  static func sha256(_ file: Descriptor, _ range: Range<UInt64>, _ subject: String, _ cancel: Cancellation) throws(StorageError) -> String {
    let digest = RunningDigest(.sha256)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
    defer { buffer.deallocate() }
    var at = range.lowerBound
    while at < range.upperBound {
      try cancel.check(subject)
      let got = pread(file.number, buffer.baseAddress, min(buffer.count, Int(range.upperBound - at)), off_t(at))
      guard got > 0 else {
        throw StorageError(.failed, subject, cause: got < 0 ? String(cString: strerror(errno)) : "the file ended before its size")
      }
      digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
      at += UInt64(got)
    }
    return digest.finishText()
  }
}
