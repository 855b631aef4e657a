internal import Glibc
internal import Workflow

/// The library that checks look at, and what they need for it.
struct CheckSubject: Sendable {
  let library: String
  let image: ELFImage
  /// The library's manifest, if there is one.
  let manifest: (file: String, bytes: [UInt8])?
  let configuration: RunnerConfiguration
  /// Runners that are started by the check of starts and stops.
  let cycles: Int

  var fileName: String { String(library[(library.lastIndex(of: "/").map(library.index(after:)) ?? library.startIndex)...]) }
  var folder: String { library.lastIndex(of: "/").map { String(library[..<$0]) } ?? "." }

  var build: RunnerBuild {
    RunnerBuild(plugin: fileName, library: library, sha256: "", configuration: manifestConfiguration)
  }

  private var manifestConfiguration: RawJSON? {
    guard let manifest else { return nil }
    return PluginManifest.load(bytes: manifest.bytes, file: manifest.file).value.map { RawJSON($0.config) }
  }
}
