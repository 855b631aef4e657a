internal import Workflow

/// 6: the manifest is one that this weir accepts.
struct ManifestValidCheck: Check {
  let number = 6
  let name = "manifest-valid"
  let level = 1

  func look(at subject: CheckSubject) -> CheckFinding {
    guard let manifest = subject.manifest else { return .skipped(noManifest) }
    let loaded = PluginManifest.load(bytes: manifest.bytes, file: manifest.file)
    return .failed(loaded.problems.map(\.description))
  }
}

let noManifest = "no manifest beside the library: name one by --manifest"
