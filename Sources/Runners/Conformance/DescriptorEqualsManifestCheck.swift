internal import Workflow

/// 12: library and manifest say the same.
struct DescriptorEqualsManifestCheck: Check {
  let number = 12
  let name = "descriptor-equals-manifest"
  let level = 2

  func look(at subject: CheckSubject) -> CheckFinding {
    guard let file = subject.manifest else { return .skipped(noManifest) }
    let loaded = PluginManifest.load(bytes: file.bytes, file: file.file)
    guard let manifest = loaded.value else { return .skipped("the manifest cannot be read: see check 6") }
    do throws(RunnersError) {
      let description = try LibraryDescription.of(subject.build, configuration: subject.configuration)
      let source = loaded.text.map { ManifestSource(text: $0) } ?? ManifestSource(file: file.file)
      let problems = description.mismatches(with: manifest, library: subject.fileName, source: source)
      return .failed(problems.map(\.description))
    } catch {
      return .failed([error.message])
    }
  }
}
