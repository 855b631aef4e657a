import Glibc
public import Workflow

/// The folder that an operator keeps manifests in: `plugins/*.json`, `workflows/*.json`.
public struct ManifestFolder: Sendable {
  public let path: String

  public init(path: String) {
    self.path = path
  }

  /// The manifests of one kind, by file name; none when there is no such folder.
  /// - Throws: `Problems` when a file cannot be read.
  public func files(_ kind: String) throws(Problems) -> [(file: String, bytes: [UInt8])] {
    let folder = "\(path)/\(kind)"
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".json"), !name.hasPrefix(".") { names.append("\(folder)/\(name)") }
    }
    var files: [(file: String, bytes: [UInt8])] = []
    for name in names.sorted() { files.append((name, try ManifestFolder.read(name))) }
    return files
  }

  /// A manifest's bytes.
  /// - Throws: `Problems` with the system's reason.
  public static func read(_ file: String) throws(Problems) -> [UInt8] {
    guard let handle = fopen(file, "r") else {
      throw Problems(list: [Problem(file: file, message: "cannot be read: \(String(cString: strerror(errno))).")])
    }
    defer { fclose(handle) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, handle), count > 0 {
      bytes += buffer[..<count]
      guard bytes.count <= 16 << 20 else {
        throw Problems(list: [Problem(file: file, message: "is larger than 16 MiB, too large for a manifest.")])
      }
    }
    return bytes
  }
}

extension ManifestFolder {
  /// Whether the folder is there.
  public var exists: Bool {
    guard let directory = opendir(path) else { return false }
    closedir(directory)
    return true
  }
}
