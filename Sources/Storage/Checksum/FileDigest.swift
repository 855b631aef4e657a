internal import Glibc

/// The SHA-256 of a file outside all containers, such as a plugin's library.
public enum FileDigest {
  /// 64 lower-case hex digits.
  /// - Throws: `.noObject`, `.denied`, `.failed`, with the path as subject.
  public static func sha256(ofFile path: String) throws(StorageError) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw StorageError(errno: errno, path) }
    defer { close(file) }
    let digest = RunningDigest(.sha256)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
    defer { buffer.deallocate() }
    while true {
      let count = read(file, buffer.baseAddress, buffer.count)
      guard count >= 0 else { throw StorageError(errno: errno, path) }
      if count == 0 { return digest.finishText() }
      digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }
}
