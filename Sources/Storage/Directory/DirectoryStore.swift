internal import Glibc

/// A container that is a directory: an object is the regular file at its key.
///
/// Paths are resolved by the kernel inside the directory (openat2), so neither ".." nor a symbolic link, even one put in
/// place meanwhile, leaves it; symbolic links, sockets, devices and names that are no UTF-8 are not objects. A write goes
/// to an unnamed file first, which is then linked or renamed into place: whoever is killed leaves the old object or the
/// new. With `isDurable` the bytes are on the disk (fsync of file and folder) before a commit returns. Empty folders are
/// nothing: made when needed, removed with their last object. Names that start with ".weir-" are the store's own.
public struct DirectoryStore: ObjectStore {
  static let reserved = ".weir-"

  public let name: ContainerName
  /// Absolute.
  public let path: String
  public let isDurable: Bool
  /// Whether a file that has a second name is no object: whoever may write here could give a foreign file a name in here.
  private let refusesHardLinks: Bool

  public init(name: ContainerName, path: String, isDurable: Bool = true, refusesHardLinks: Bool = false) {
    self.name = name
    self.path = path
    self.isDurable = isDurable
    self.refusesHardLinks = refusesHardLinks
  }

  /// A task's scratch as a store: its files as objects, for transfers from and to containers.
  ///
  /// Its handler can put there what it likes, and we read it with the host's rights: a hard link to a file that is not the
  /// handler's own is refused, as a symbolic link is.
  public static func scratch(_ path: String) throws(StorageError) -> DirectoryStore {
    DirectoryStore(name: try ContainerName("scratch"), path: path, isDurable: false, refusesHardLinks: true)
  }

  public func makeContainer() throws(StorageError) {
    var end = path.startIndex
    while end != path.endIndex {
      end = path[end...].dropFirst().firstIndex(of: "/") ?? path.endIndex
      guard mkdir(String(path[..<end]), 0o755) != 0, errno != EEXIST, end == path.endIndex else { continue }
      throw StorageError(errno: errno, name.text, missing: .noContainer)
    }
    _ = try folder()
  }

  public func stat(_ key: ObjectKey) throws(StorageError) -> ObjectHead {
    let (file, status) = try open(key)
    return ObjectHead(of: file, status)
  }

  public func openRead(
    _ key: ObjectKey, range: ByteRange, etag: String?, cancel: Cancellation
  ) throws(StorageError) -> any ObjectReadStream {
    let (file, status) = try open(key)
    let head = ObjectHead(of: file, status)
    try check(etag, head, key)
    return DirectoryReader(file, head, range: range, subject: subject(key), cancel: cancel)
  }

  public func openWrite(
    _ key: ObjectKey, options: WriteOptions, isVerified: Bool, cancel: Cancellation
  ) throws(StorageError) -> any ObjectWriteStream {
    try DirectoryWriter(self, key, options, isVerified: isVerified, cancel: cancel)
  }

  public func openDescriptor(_ key: ObjectKey) throws(StorageError) -> Int32 {
    let file = try open(key).file
    let copy = fcntl(file.number, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { throw StorageError(errno: errno, subject(key)) }
    return copy
  }

  public func remove(_ key: ObjectKey) throws(StorageError) {
    try checkReserved(key)
    let root = try folder()
    var segments = key.text.split(separator: "/").map(String.init)
    let file = segments.removeLast()
    switch root.open(segments.isEmpty ? "." : segments.joined(separator: "/"), O_RDONLY | O_DIRECTORY) {
    case .failure(let error) where error.number == ENOENT || error.number == ENOTDIR: return
    case .failure(let error): throw StorageError(errno: error.number, subject(key))
    case .success(let folder):
      guard folder.holdsRegularFile(file) else { return }
      guard unlinkat(folder.number, file, 0) == 0 || errno == ENOENT else {
        throw StorageError(errno: errno, subject(key))
      }
      if isDurable { fsync(folder.number) }
    }
    removeEmpty(segments, in: root)
  }

  /// Removes a folder and those around it as far as they are empty.
  private func removeEmpty(_ segments: [String], in root: Descriptor) {
    for count in stride(from: segments.count, to: 0, by: -1) {
      let parent = count == 1 ? "." : segments[..<(count - 1)].joined(separator: "/")
      guard case .success(let folder) = root.open(parent, O_RDONLY | O_DIRECTORY),
        unlinkat(folder.number, segments[count - 1], AT_REMOVEDIR) == 0
      else { return }
    }
  }

  // MARK: - Inside the store

  func folder() throws(StorageError) -> Descriptor {
    let opened = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard opened >= 0 else { throw StorageError(errno: errno, name.text, missing: .noContainer) }
    return Descriptor(owning: opened)
  }

  func open(_ key: ObjectKey) throws(StorageError) -> (file: Descriptor, status: stat) {
    try checkReserved(key)
    // Without O_NONBLOCK a named pipe would hold us until somebody writes to it.
    switch try folder().open(key.text, O_RDONLY | O_NONBLOCK | O_NOCTTY) {
    case .failure(let error) where error.number == ENXIO: throw StorageError(.noObject, subject(key))
    case .failure(let error): throw StorageError(errno: error.number, subject(key))
    case .success(let file):
      let status = file.status()
      guard status.isRegular else { throw StorageError(.noObject, subject(key)) }
      guard !refusesHardLinks || status.st_nlink <= 1 else {
        throw StorageError(.denied, subject(key), cause: "the file has a second name")
      }
      return (file, status)
    }
  }

  func check(_ etag: String?, _ head: ObjectHead, _ key: ObjectKey) throws(StorageError) {
    guard let etag, etag != head.etag else { return }
    throw StorageError(.changed(expected: etag, found: head.etag), subject(key))
  }

  func checkReserved(_ key: ObjectKey) throws(StorageError) {
    guard key.text.split(separator: "/").contains(where: { $0.hasPrefix(Self.reserved) }) else { return }
    throw StorageError(.invalid("segments that start with \"\(Self.reserved)\" are the store's own"), subject(key))
  }
}

extension Descriptor {
  func holdsRegularFile(_ name: String) -> Bool {
    var status = Glibc.stat()
    return fstatat(number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.isRegular
  }
}
