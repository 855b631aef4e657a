internal import Glibc

// Apart from DirectoryStore.swift because only writing makes folders.
extension DirectoryStore {
  /// The folder that holds the key's file, made if it is not there.
  func folder(of key: ObjectKey) throws(StorageError) -> Descriptor {
    let segments = key.text.split(separator: "/").map(String.init)
    if let long = segments.first(where: { $0.utf8.count > Int(NAME_MAX) }) {
      let problem = "a directory holds segments of at most 255 bytes, one here has \(long.utf8.count)"
      throw StorageError(.invalid(problem), subject(key))
    }
    for _ in Attempts() {
      let root = try folder()
      guard segments.count > 1 else { return root }
      let parent = segments.dropLast()
      switch root.open(parent.joined(separator: "/"), O_RDONLY | O_DIRECTORY) {
      case .success(let found): return found
      case .failure(let error) where error.number == ENOENT: break
      case .failure(let error): throw blocked(key, error.number)
      }
      if let made = try make(Array(parent), in: root, key) { return made }
    }
    throw StorageError(.unreachable, subject(key), cause: "other writers keep removing its folder")
  }

  /// Nil if somebody removed a folder as empty in between.
  private func make(_ segments: [String], in root: Descriptor, _ key: ObjectKey) throws(StorageError) -> Descriptor? {
    var folder = root
    for segment in segments {
      if mkdirat(folder.number, segment, 0o755) == 0 {
        if isDurable { fsync(folder.number) }
      } else if errno == ENOENT {
        return nil
      } else if errno != EEXIST {
        throw StorageError(errno: errno, subject(key))
      }
      switch folder.open(segment, O_RDONLY | O_DIRECTORY) {
      case .success(let next): folder = next
      case .failure(let error) where error.number == ENOENT: return nil
      case .failure(let error): throw blocked(key, error.number)
      }
    }
    return folder
  }

  private func blocked(_ key: ObjectKey, _ error: Int32) -> StorageError {
    guard error == ENOTDIR else { return StorageError(errno: error, subject(key)) }
    let segments = key.text.split(separator: "/")
    let ancestors = (1..<segments.count).map { segments[..<$0].joined(separator: "/") }
    let object = ancestors.first { (try? ObjectKey($0)).flatMap { try? stat($0) } != nil }  // nil: another kind of file
    return StorageError(.blocked(by: object ?? ancestors.last ?? ""), subject(key))
  }
}
