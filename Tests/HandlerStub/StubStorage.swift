import Foundation
import HandlerABI
import HandlerKit

/// `weir.storage/1` over a folder whose subfolders are the containers.
public final class StubStorage {
  public let folder: String
  let scratch: String
  /// Page size of a listing that names none.
  public var page = 1000
  /// A copy, or a read of a range, of one of these keys gives the status.
  public var failing: [String: Int] = [:]
  /// Head members that a host may leave out.
  public var tellsMore = true

  init(folder: String) {
    self.folder = folder
    scratch = folder + "/.scratch"
  }

  public func path(_ container: String, _ key: String = "") -> String {
    "\(folder)/\(container)" + (key.isEmpty ? "" : "/\(key)")
  }

  public func bytes(_ container: String, _ key: String) -> [UInt8]? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path(container, key), isDirectory: &isFolder), !isFolder.boolValue else { return nil }
    return FileManager.default.contents(atPath: path(container, key)).map { Array($0) }
  }

  public func put(_ container: String, _ key: String, _ bytes: [UInt8]) throws {
    let file = URL(fileURLWithPath: path(container, key))
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  public func put(_ container: String, _ key: String, _ text: String) throws { try put(container, key, Array(text.utf8)) }

  public func makeContainer(_ container: String) throws {
    try FileManager.default.createDirectory(atPath: path(container), withIntermediateDirectories: true)
  }

  func hasContainer(_ container: String) -> Bool { FileManager.default.fileExists(atPath: path(container)) }

  /// In byte order.
  public func keys(_ container: String) -> [String] {
    let root = URL(fileURLWithPath: path(container)).resolvingSymlinksInPath()
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: [.isRegularFileKey])?.compactMap { $0 as? URL }
    let keys = (files ?? []).filter { file in
      (try? file.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true  // gone meanwhile: no file
    }.map { String($0.resolvingSymlinksInPath().path.dropFirst(root.path.count + 1)) }
    return keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  func etag(_ bytes: [UInt8]) -> String {
    var hasher = Hasher()
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    return "\"\(bytes.count)-\(hasher.finalize())\""
  }

  func head(_ container: String, _ key: String, _ bytes: [UInt8], key name: String? = nil, written: Bool? = nil) -> JSONText {
    .object([
      "key": name.map { JSONText($0) }, "size": JSONText(bytes.count), "etag": JSONText(etag(bytes)),
      "modified": JSONText("2026-01-01T00:00:00Z"),
      "url": tellsMore ? JSONText("stub://\(container)/\(key.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? key)") : nil,
      "written": tellsMore ? written.map { JSONText($0) } : nil,
    ])
  }
}
