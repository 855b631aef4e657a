/// Where a plugin's library may lie: beside its manifest, in the folders of `WEIR_PLUGIN_PATH`, beside the program.
public struct LibrarySearch: Sendable, Hashable {
  /// The folders in the order in which they are asked.
  public let folders: [String]

  /// - Parameters:
  ///   - manifest: path of the plugin's manifest.
  ///   - pluginPath: the value of `WEIR_PLUGIN_PATH`, folders with `:` between; nil when it is not set.
  ///   - program: path of the program `weir`.
  public init(manifest: String, pluginPath: String?, program: String) {
    func folder(of path: String) -> String {
      guard let slash = path.lastIndex(of: "/") else { return "." }
      return slash == path.startIndex ? "/" : String(path[..<slash])
    }
    let listed = (pluginPath ?? "").split(separator: ":").map(String.init)
    var folders: [String] = []
    for name in [folder(of: manifest)] + listed + [folder(of: program)] where !folders.contains(name) {
      folders.append(name)
    }
    self.folders = folders
  }

  /// The paths to try for a bare name, first one first; the caller looks which of them is a file.
  public func candidates(for library: String) -> [String] {
    folders.map { $0.hasSuffix("/") ? "\($0)lib\(library).so" : "\($0)/lib\(library).so" }
  }

  /// What to say when no candidate is a file.
  public func missing(library: String, file: String) -> Problem {
    Problem(
      file: file, path: "library", message: "there is no lib\(library).so in \(folders.listed("or")).",
      hint: "Put it beside the manifest, or name its folder in WEIR_PLUGIN_PATH.")
  }
}
