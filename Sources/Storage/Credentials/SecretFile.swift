internal import Glibc
internal import Synchronization

/// A small file with a secret in it, read again when it has changed.
final class SecretFile: Sendable {
  private struct Reading {
    var text: String
    var inode: UInt64
    var seconds: Int
    var nanoseconds: Int
  }

  private let path: String
  private let reading = Mutex<Reading?>(nil)

  init(_ path: String) { self.path = path }

  /// Without the line break at its end.
  /// - Throws: `.failed` with the system's reason.
  func text() throws(StorageError) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { throw StorageError(.failed, path, cause: String(cString: strerror(errno))) }
    let known = reading.withLock { $0 }
    if let known, known.inode == UInt64(status.st_ino), known.seconds == status.st_mtim.tv_sec, known.nanoseconds == status.st_mtim.tv_nsec
    {
      return known.text
    }
    let text = try read()
    reading.withLock {
      $0 = Reading(text: text, inode: UInt64(status.st_ino), seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }
    return text
  }

  private func read() throws(StorageError) -> String {
    guard let file = fopen(path, "re") else { throw StorageError(.failed, path, cause: String(cString: strerror(errno))) }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = fread(&bytes, 1, bytes.count, file)
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    return String(text.prefix { !$0.isNewline })
  }
}
