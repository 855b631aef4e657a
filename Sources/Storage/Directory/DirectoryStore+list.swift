internal import Glibc

extension DirectoryStore {
  public func list(_ query: ListQuery, cancel: Cancellation) throws(StorageError) -> ObjectPage {
    try query.check(name)
    let root = try folder()
    let prefix = Array(query.prefix.utf8)
    let base = prefix.lastIndex(of: 0x2F).map { Array(prefix[...$0]) } ?? []
    var walk = DirectoryWalk(query, container: name, cancel: cancel)
    let start: Result<Descriptor, Errno> =
      base.isEmpty ? .success(root) : root.open(String(decoding: base, as: UTF8.self), O_RDONLY | O_DIRECTORY)
    switch start {
    case .success(let folder): try walk.visit(folder, path: base)
    case .failure(let error) where [ENOENT, ENOTDIR, ELOOP, EXDEV, ENAMETOOLONG].contains(error.number): break
    case .failure(let error): throw StorageError(errno: error.number, name.text + "/" + query.prefix)
    }
    return walk.page
  }

  /// Removes what writers that were killed in the act left behind, if it is older than `age`; tells how many files.
  ///
  /// Nobody else sees those files, so this is only about space. Younger ones may still be written to.
  @discardableResult
  public func clean(olderThan age: Duration, cancel: Cancellation = .never) throws(StorageError) -> Int {
    let before = time(nil) - Int(age.components.seconds)
    var pending = [try folder()]
    var removed = 0
    while let folder = pending.popLast() {
      try cancel.check(name.text)
      for entry in try DirectoryWalk.entries(of: folder, name.text) {
        let entryName = String(decoding: entry.name, as: UTF8.self)
        if entry.isFolder {
          if case .success(let next) = folder.open(entryName, O_RDONLY | O_DIRECTORY) { pending.append(next) }
        } else if entryName.hasPrefix(Self.reserved) {
          var status = Glibc.stat()
          guard fstatat(folder.number, entryName, &status, AT_SYMLINK_NOFOLLOW) == 0,
            status.st_mtim.tv_sec < before, unlinkat(folder.number, entryName, 0) == 0
          else { continue }
          removed += 1
        }
      }
    }
    return removed
  }
}
