internal import FoundationEssentials
internal import Glibc

extension ObjectHead {
  static let sha256Attribute = "user.weir.sha256"
  static let typeAttribute = "user.weir.type"

  /// The head of an open regular file. A recorded checksum counts only for the version that it was recorded for.
  init(of file: Descriptor, _ status: stat) {
    let etag = Self.etag(status)
    let recorded = file.attribute(Self.sha256Attribute)?.split(separator: " ") ?? []
    let sha256 = recorded.count == 2 && recorded[1] == etag ? String(recorded[0]) : nil
    self.init(status, sha256: sha256, type: file.attribute(Self.typeAttribute))
  }

  init(_ status: stat, sha256: String? = nil, type: String? = nil) {
    let seconds = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
    self.init(
      size: UInt64(status.st_size), etag: Self.etag(status), modified: Date(timeIntervalSince1970: seconds),
      sha256: sha256, type: type)
  }

  /// Inode, modification time to the nanosecond, size. A write always makes a new inode with the present time, so no
  /// two versions share one unless somebody sets the clock of a file.
  static func etag(_ status: stat) -> String {
    let time = UInt64(bitPattern: Int64(status.st_mtim.tv_sec &* 1_000_000_000 &+ status.st_mtim.tv_nsec))
    return [UInt64(status.st_ino), time, UInt64(status.st_size)].map { String($0, radix: 16) }.joined(separator: "-")
  }
}

extension stat {
  var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
  var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
  var isSymbolicLink: Bool { st_mode & S_IFMT == S_IFLNK }
}
