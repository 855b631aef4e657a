import FoundationEssentials
import Glibc

/// What came of a download before it broke off, kept on the host's disk for the task's next attempt.
///
/// The bytes count only together with the note beside them, which says of what they are: task, request, ETag, and the boot
/// of the machine, since what a machine had not yet written when it fell may be anything.
final class PartialFile {
  private let path: String
  private let identity: String
  private let descriptor: Int32
  private(set) var etag: String?
  private(set) var size: UInt64 = 0

  /// Nil where it cannot be kept, or another attempt has it in hand: then a download starts over.
  init?(folder: String, identity: String) {
    self.identity = identity
    mkdir(folder, 0o700)
    path = "\(folder)/\(Self.name(identity))"
    descriptor = Glibc.open("\(path).part", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return nil }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
    var status = stat()
    if fstat(descriptor, &status) == 0, let noted = Self.note("\(path).note"), noted.identity == identity, noted.boot == Self.boot {
      (etag, size) = (noted.etag, UInt64(status.st_size))
    }
  }

  deinit { close(descriptor) }

  /// Forgets what is there; from now on bytes of the version `etag` come.
  func begin(etag: String) {
    self.etag = nil
    size = 0
    unlink("\(path).note")
    guard ftruncate(descriptor, 0) == 0, write(note: etag) else { return }
    self.etag = etag
  }

  /// Keeps bytes; a disk that is full ends the keeping, not the download.
  func append(_ bytes: UnsafeRawBufferPointer) {
    guard etag != nil else { return }
    var done = 0
    while done < bytes.count {
      let written = pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(size) + off_t(done))
      guard written > 0 else { return forget() }
      done += written
    }
    size += UInt64(done)
  }

  /// The first `count` bytes in pieces; false where they cannot be read.
  func forEachPiece<E: Error>(_ count: UInt64, _ body: (UnsafeRawBufferPointer) throws(E) -> Void) throws(E) -> Bool {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
    defer { buffer.deallocate() }
    var done: UInt64 = 0
    while done < count {
      let got = pread(descriptor, buffer.baseAddress, Int(min(count - done, UInt64(buffer.count))), off_t(done))
      guard got > 0 else { return false }
      try body(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
      done += UInt64(got)
    }
    return true
  }

  /// Removes it: the download is complete, or what is here is of no use.
  func forget() {
    etag = nil
    size = 0
    unlink("\(path).note")
    unlink("\(path).part")
  }

  /// Removes what no task came back for within a week.
  static func clean(_ folder: String) {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []  // no folder, nothing to remove
    let limit = time(nil) - 7 * 86_400
    for file in files where file.hasSuffix(".part") || file.hasSuffix(".note") {
      var status = stat()
      if lstat("\(folder)/\(file)", &status) == 0, status.st_mtim.tv_sec < limit { unlink("\(folder)/\(file)") }
    }
  }

  private func write(note etag: String) -> Bool {
    let text = "\(Self.boot)\n\(etag)\n\(identity)"
    let file = Glibc.open("\(path).note", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { return false }
    defer { close(file) }
    return Glibc.write(file, text, text.utf8.count) == text.utf8.count
  }

  private static func note(_ path: String) -> (boot: String, etag: String, identity: String)? {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else { return nil }  // none: nothing is kept
    let parts = String(decoding: data, as: UTF8.self).split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
    return parts.count == 3 ? (String(parts[0]), String(parts[1]), String(parts[2])) : nil
  }

  private static let boot: String = {
    let data = try? Data(contentsOf: URL(filePath: "/proc/sys/kernel/random/boot_id"))  // always there on Linux
    return String(decoding: data ?? Data(), as: UTF8.self).filter { $0 != "\n" }
  }()

  /// FNV-1a, 64 bits: names only, the note decides.
  private static func name(_ identity: String) -> String {
    let hash = identity.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return String(hash, radix: 16)
  }
}
