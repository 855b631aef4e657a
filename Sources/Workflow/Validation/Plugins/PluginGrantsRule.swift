/// A grant that grants nothing is a slip: the handlers would be refused later, one call at a time.
struct PluginGrantsRule: PluginRule {
  let id = "plugin-grants"

  func problems(in manifest: PluginManifest, source: ManifestSource) -> [Problem] {
    let grants = manifest.grants
    var empty: [(service: String, members: String)] = []
    if let grant = grants.storage, grant.read.isEmpty, grant.write.isEmpty {
      empty.append(("weir.storage/1", "containers to \"read\" or to \"write\""))
    }
    if let grant = grants.stac, grant.collections.isEmpty { empty.append(("weir.stac/1", "\"collections\"")) }
    if let grant = grants.http, grant.hosts.isEmpty { empty.append(("weir.http/1", "\"hosts\"")) }
    if let grant = grants.sql, grant.databases.isEmpty { empty.append(("weir.sql/1", "\"databases\"")) }
    let nothing = empty.map { grant in
      source.problem(
        at: ManifestPath()["grants"][grant.service], "grants nothing.", hint: "Name \(grant.members), or take the service out.")
    }
    return nothing + patterns(grants.sql?.databases, "weir.sql/1", "databases", source)
      + patterns(grants.http?.credentials, "weir.http/1", "credentials", source)
  }

  /// What is granted one by one, by the names of the configuration: a pattern would match none of them.
  private func patterns(_ names: [String]?, _ service: String, _ member: String, _ source: ManifestSource) -> [Problem] {
    (names ?? []).enumerated().filter { NamePattern($1) == nil || $1.contains("*") }.map { index, name in
      source.problem(
        at: ManifestPath()["grants"][service][member][index], "expected a name, got \"\(name)\".",
        hint: "Name each of the \(member) as the configuration does: there are no patterns here.")
    }
  }
}
