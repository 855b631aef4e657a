@testable import Storage

extension ObjectStore {
  @discardableResult
  func put(_ text: String, at key: String, _ options: WriteOptions = WriteOptions()) throws -> WriteResult {
    try write(ObjectKey(key), Array(text.utf8), options: options)
  }

  func text(at key: String) throws -> String { String(decoding: try read(ObjectKey(key)).bytes, as: UTF8.self) }

  func allKeys(_ query: ListQuery = ListQuery()) throws -> [String] { try list(query, cancel: .never).objects.map(\.key.text) }
}
