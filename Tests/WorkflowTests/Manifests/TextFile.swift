import Glibc

/// Reads files of the repository for tests.
enum TextFile {
  struct Missing: Error {
    let path: String
  }

  static func bytes(at path: String) throws -> [UInt8] {
    guard let file = fopen(path, "r") else { throw Missing(path: path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
    return bytes
  }

  /// The folder of the whole project.
  static let project = String(#filePath.dropLast("Tests/WorkflowTests/Manifests/TextFile.swift".count))
}
