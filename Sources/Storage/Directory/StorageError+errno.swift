internal import Glibc

extension StorageError {
  /// A failed file call. `missing` is what ENOENT means there.
  init(errno number: Int32, _ subject: String, missing: Code = .noObject) {
    let code: Code =
      switch number {
      case ENOENT, ENOTDIR: missing
      case ELOOP, EXDEV: .symbolicLink
      case EACCES, EPERM, EROFS: .denied
      case ENOSPC, EDQUOT: .full
      case EEXIST: .exists
      case ENAMETOOLONG: .invalid("a segment of the key is longer than the 255 bytes that a directory can hold")
      case EMFILE, ENFILE, ENOMEM, EIO, ESTALE, ETIMEDOUT, EBUSY: .unreachable
      case ENOSYS: .unsupported("directories need Linux 5.6 or newer (openat2), and a sandbox that allows it")
      default: .failed
      }
    let isPlain = code == missing || code == .exists || code == .symbolicLink
    self.init(code, subject, cause: isPlain ? nil : String(cString: strerror(number)))
  }
}
