import Foundation

/// The project's files, found from the place of this one.
enum Tree {
  static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Every file below `folders` that ends in one of `extensions`, in order of path; what setup brings is left out.
  static func files(in folders: [String], _ extensions: Set<String>) throws -> [SourceFile] {
    var paths: [String] = []
    for folder in folders {
      guard let walk = FileManager.default.enumerator(atPath: root.appending(path: folder).path) else { continue }
      for case let path as String in walk where extensions.contains((path as NSString).pathExtension) {
        if !path.contains("downloaded/") { paths.append("\(folder)/\(path)") }
      }
    }
    return try paths.sorted().map { try SourceFile(path: $0) }
  }

  static func text(of path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The names in a folder, in order; empty when there is no such folder.
  static func names(in folder: String) -> [String] {
    let found = try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
    return (found ?? []).sorted()
  }

  /// What is ours and written in Swift, C or C++, tests apart.
  static func program() throws -> [SourceFile] { try readProgram.get() }

  /// The tests' files in Swift.
  static func tests() throws -> [SourceFile] { try readTests.get() }

  // Read once for all tests: telling code from comment takes a second.
  private static let readProgram = Result { try files(in: ["Sources", "Plugins"], ["swift", "c", "h", "cpp", "hpp"]) }
  private static let readTests = Result { try files(in: ["Tests"], ["swift"]) }
}
