internal import CKernel
internal import Glibc

/// An open file or directory; closed with the last reference.
final class Descriptor: Sendable {
  let number: Int32

  init(owning number: Int32) { self.number = number }

  deinit { close(number) }

  /// Opens `path` below this directory, following no symbolic link; the error number if that fails.
  func open(_ path: String, _ flags: Int32, mode: mode_t = 0) -> Result<Descriptor, Errno> {
    let opened = weir_open_beneath(number, path, flags, mode)
    return opened >= 0 ? .success(Descriptor(owning: opened)) : .failure(Errno(number: -opened))
  }

  func status() -> stat {
    var status = stat()
    fstat(number, &status)
    return status
  }

  /// An extended attribute of at most 256 bytes; nil if there is none, or no such thing here.
  func attribute(_ name: String) -> String? {
    var value = [UInt8](repeating: 0, count: 256)
    let size = weir_get_attribute(number, name, &value, UInt64(value.count))
    return size > 0 ? String(validating: value[..<Int(size)], as: UTF8.self) : nil
  }

  /// Does nothing where the file system keeps no attributes: they are a gain, not a promise.
  func setAttribute(_ name: String, _ value: String) {
    _ = Array(value.utf8).withUnsafeBytes { weir_set_attribute(number, name, $0.baseAddress, UInt64($0.count)) }
  }
}

/// An error number of a file call.
struct Errno: Error {
  let number: Int32
}
