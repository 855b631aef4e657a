internal import Glibc

/// Removes what tasks left, whatever it is.
enum ScratchFolder {
  private static let openFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
  /// Descriptors that are open at a time while one is emptied.
  private static let deepest = 32

  /// Removes the folder and all that is in it, without following a link. What cannot be removed stays.
  static func remove(_ path: String) {
    if rmdir(path) == 0 || errno != ENOTEMPTY { return }
    let top = open(path, openFolder)
    if top < 0 { return }
    var moved = 0
    // Each round brings what lies too deep up to the top, so that no depth is too great.
    for _ in 0..<10_000 {
      let before = moved
      empty(dup(top), top: top, depth: 0, moved: &moved)
      if moved == before { break }
    }
    close(top)
    rmdir(path)
  }

  /// Takes over the descriptor.
  private static func empty(_ folder: Int32, top: Int32, depth: Int, moved: inout Int) {
    guard let stream = fdopendir(folder) else {
      close(folder)
      return
    }
    defer { closedir(stream) }
    rewinddir(stream)  // a copy of `top` shares its place
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." || unlinkat(dirfd(stream), name, 0) == 0 { continue }
      if depth == deepest {
        moved += 1
        renameat(dirfd(stream), name, top, ".weir-\(moved)")
        continue
      }
      fchmodat(dirfd(stream), name, 0o700, AT_SYMLINK_NOFOLLOW)
      let inner = openat(dirfd(stream), name, openFolder)
      if inner < 0 { continue }
      fchmod(inner, 0o700)
      empty(inner, top: top, depth: depth + 1, moved: &moved)
      unlinkat(dirfd(stream), name, AT_REMOVEDIR)
    }
  }
}
