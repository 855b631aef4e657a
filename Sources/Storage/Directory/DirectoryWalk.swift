internal import Glibc

/// Goes through a directory tree in the byte order of whole keys and fills one page.
struct DirectoryWalk {
  private(set) var page = ObjectPage()
  private let query: ListQuery
  private let prefix: [UInt8]
  private let after: [UInt8]
  private let container: ContainerName
  private let cancel: Cancellation
  private var last: [UInt8] = []

  init(_ query: ListQuery, container: ContainerName, cancel: Cancellation) {
    self.query = query
    self.prefix = Array(query.prefix.utf8)
    self.after = Array((query.page ?? "").utf8)
    self.container = container
    self.cancel = cancel
  }

  struct Entry {
    let name: [UInt8]
    let isFolder: Bool
  }

  /// `path` is empty or ends with "/". False: the page is full, and `next` set.
  @discardableResult
  mutating func visit(_ folder: Descriptor, path: [UInt8]) throws(StorageError) -> Bool {
    try cancel.check(container.text)
    var keys: [[UInt8]] = []
    for entry in try Self.entries(of: folder, subject(path)) where !entry.name.starts(with: DirectoryStore.reserved.utf8) {
      let key = path + entry.name + (entry.isFolder ? [0x2F] : [])
      if isWanted(key, entry.isFolder) { keys.append(key) }
    }
    keys.sort(by: Self.isBefore)
    for key in keys {
      let isFolder = key.last == 0x2F
      let name = String(decoding: key[path.count..<(isFolder ? key.count - 1 : key.count)], as: UTF8.self)
      guard try isFolder ? visit(name, key, in: folder) : add(name, key, in: folder) else { return false }
    }
    return true
  }

  private func isWanted(_ key: [UInt8], _ isFolder: Bool) -> Bool {
    guard key.starts(with: prefix) || isFolder && prefix.starts(with: key) else { return false }
    guard !after.isEmpty else { return true }
    if isFolder && query.delimiter == nil && after.count > key.count && after.starts(with: key) { return true }
    return Self.isBefore(after, key)
  }

  private mutating func visit(_ name: String, _ key: [UInt8], in parent: Descriptor) throws(StorageError) -> Bool {
    let folder: Descriptor
    switch parent.open(name, O_RDONLY | O_DIRECTORY) {
    case .success(let opened): folder = opened
    case .failure(let error) where [ENOENT, ENOTDIR, ELOOP].contains(error.number): return true  // replaced meanwhile
    case .failure(let error): throw StorageError(errno: error.number, subject(key))
    }
    guard query.delimiter != nil else { return try visit(folder, path: key) }
    guard try Self.holdsObject(folder, subject(key)) else { return true }
    guard hasRoom() else { return false }
    page.prefixes.append(String(decoding: key, as: UTF8.self))
    last = key
    return true
  }

  private mutating func add(_ name: String, _ key: [UInt8], in folder: Descriptor) throws(StorageError) -> Bool {
    let head: ObjectHead
    switch folder.open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY) {
    case .success(let file):
      let status = file.status()
      guard status.isRegular else { return true }
      head = ObjectHead(of: file, status)
    case .failure(let error) where error.number == EACCES:  // it may not be read, but it is there
      var status = Glibc.stat()
      guard fstatat(folder.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return true }
      head = ObjectHead(status)
    case .failure: return true  // removed, or replaced by what is no object, since the folder was read
    }
    guard let key = try? ObjectKey(String(decoding: key, as: UTF8.self)) else { return true }  // longer than a key can be
    guard hasRoom() else { return false }
    page.objects.append(ObjectPage.Entry(key: key, head: head))
    last = Array(key.text.utf8)
    return true
  }

  private mutating func hasRoom() -> Bool {
    guard page.objects.count + page.prefixes.count == query.limit else { return true }
    page.next = String(decoding: last, as: UTF8.self)
    return false
  }

  private func subject(_ path: [UInt8]) -> String { container.text + "/" + String(decoding: path, as: UTF8.self) }

  private static func isBefore(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    let order = memcmp(a, b, min(a.count, b.count))
    return order != 0 ? order < 0 : a.count < b.count
  }

  private static func holdsObject(_ folder: Descriptor, _ subject: String) throws(StorageError) -> Bool {
    let entries = try entries(of: folder, subject)
    if entries.contains(where: { !$0.isFolder && !$0.name.starts(with: DirectoryStore.reserved.utf8) }) { return true }
    for entry in entries where entry.isFolder {
      let opened = folder.open(String(decoding: entry.name, as: UTF8.self), O_RDONLY | O_DIRECTORY)
      if case .success(let inner) = opened, try holdsObject(inner, subject) { return true }
    }
    return false
  }

  /// The regular files and folders whose names are UTF-8.
  static func entries(of folder: Descriptor, _ subject: String) throws(StorageError) -> [Entry] {
    let copy = fcntl(folder.number, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0, let stream = fdopendir(copy) else { throw StorageError(errno: errno, subject) }
    defer { closedir(stream) }
    rewinddir(stream)
    var entries: [Entry] = []
    while let entry = readdir(stream) {
      let (kind, name) = read(entry, in: folder)
      guard kind == DT_REG || kind == DT_DIR, name != [0x2E], name != [0x2E, 0x2E],
        String(validating: name, as: UTF8.self) != nil
      else { continue }
      entries.append(Entry(name: name, isFolder: kind == DT_DIR))
    }
    return entries
  }

  private static func read(_ entry: UnsafeMutablePointer<dirent>, in folder: Descriptor) -> (kind: Int, name: [UInt8]) {
    withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      let text = UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self)
      let name = Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
      guard Int(entry.pointee.d_type) == DT_UNKNOWN else { return (Int(entry.pointee.d_type), name) }
      var status = Glibc.stat()
      guard fstatat(folder.number, text, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return (DT_UNKNOWN, name) }
      return (status.isRegular ? DT_REG : status.isDirectory ? DT_DIR : DT_UNKNOWN, name)
    }
  }
}
