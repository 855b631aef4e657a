import FoundationEssentials
import Glibc

/// The files below a folder.
struct FileTree {
  let folder: String

  /// Paths below the folder, sorted; hidden ones too.
  var paths: [String] {
    (FileManager.default.subpathsOrNil(folder) ?? []).filter { path in
      var status = stat()
      return lstat("\(folder)/\(path)", &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }.sorted()
  }

  func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: "\(folder)/\(path)")) }
}

extension FileManager {
  // a folder that is not there has no files
  fileprivate func subpathsOrNil(_ folder: String) -> [String]? { try? subpathsOfDirectory(atPath: folder) }
}
