import FoundationEssentials
import Glibc
import Testing

@testable import Storage

/// A fresh directory with a container in it; removed with the last reference.
final class Folder: Sendable {
  let path: String
  let store: DirectoryStore

  init() throws {
    var template = Array("/tmp/weir-storage-XXXXXX".utf8CString)
    path = String(cString: try #require(mkdtemp(&template)))
    store = DirectoryStore(name: try ContainerName("bronze"), path: path + "/bronze", isDurable: false)
    try store.makeContainer()
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }  // what stays in /tmp harms no other test

  /// What the container's directory holds on disk, the store's own files included.
  func names(in folder: String = "") throws -> [String] {
    let stream = try #require(opendir(store.path + "/" + folder))
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func put(_ text: String, at path: String) throws {
    let file = try #require(fopen(self.path + "/" + path, "w"))
    fputs(text, file)
    fclose(file)
  }
}

extension DirectoryStore {
  func text(_ key: String) throws -> String {
    String(decoding: try read(ObjectKey(key)).bytes, as: UTF8.self)
  }

  @discardableResult
  func put(_ text: String, _ key: String, _ options: WriteOptions = WriteOptions()) throws -> WriteResult {
    try write(ObjectKey(key), Array(text.utf8), options: options)
  }

  func keys(_ query: ListQuery = ListQuery()) throws -> [String] {
    try list(query, cancel: .never).objects.map(\.key.text)
  }
}

/// The code of the storage error that `body` throws; nil if it throws none.
func code(_ body: () throws -> Void) -> StorageError.Code? {
  do {
    try body()
    return nil
  } catch {
    return (error as? StorageError)?.code
  }
}
