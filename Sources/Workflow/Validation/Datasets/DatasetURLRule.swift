/// Sources are servers that a request reaches by itself; what opens them is a credential's name, never a part of the URL.
struct DatasetURLRule: DatasetRule {
  let id = "dataset-url"
  static let longest = 500

  func problems(in dataset: DatasetDefinition, source: ManifestSource) -> [Problem] {
    var problems: [Problem] = []
    let place = ManifestPath()["source_url"]
    if let url = dataset.sourceURL {
      problems += faults(of: url).map { source.problem(at: place, $0.message, hint: $0.hint) }
    } else if dataset.sourceType != .manual {
      problems.append(
        source.problem(
          at: place, "is missing.", hint: "Only a dataset of source_type manual has none: its file is put into the container by hand."))
    }
    if let url = dataset.source.versionURL {
      problems += faults(of: url).map {
        source.problem(at: ManifestPath()["source_config"]["version"]["url"], $0.message, hint: $0.hint)
      }
    }
    if let name = dataset.credentialKey, NamePattern(name) == nil || name.contains("*") || name.utf8.count > 200 {
      problems.append(
        source.problem(
          at: ManifestPath()["credential_key"], "\"\(name)\" is not the name of a credential.",
          hint: "Credentials stand in the configuration under http_credentials, by name."))
    }
    return problems
  }

  private func faults(of url: String) -> [(message: String, hint: String)] {
    guard let rest = ["https://", "http://"].lazy.compactMap({ url.hasPrefix($0) ? url.dropFirst($0.count) : nil }).first,
      let host = rest.split(separator: "/", omittingEmptySubsequences: false).first, !host.isEmpty,
      url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), url.utf8.count <= Self.longest
    else {
      return [("\"\(url.prefix(100))\" is not the URL of a source.", "Write https:// and the rest, at most \(Self.longest) characters.")]
    }
    let hint = "Name a credential by credential_key: the host adds it to the request."
    if host.contains("@") { return [("holds a user or password.", hint)] }
    let query = url.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
    let names = query.split(separator: "&").map { $0.prefix { $0 != "=" }.lowercased() }
    let secrets = ["key", "token", "secret", "password", "sig", "signature"]
    if let name = names.first(where: { name in secrets.contains { name == $0 || name.hasSuffix("_\($0)") || name.hasSuffix("-\($0)") } }) {
      return [("holds what looks like a secret: \(name).", hint)]
    }
    return []
  }
}
