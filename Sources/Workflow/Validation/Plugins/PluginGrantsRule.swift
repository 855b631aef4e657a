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
    return empty.map { grant in
      source.problem(
        at: ManifestPath()["grants"][grant.service], "grants nothing.", hint: "Name \(grant.members), or take the service out.")
    }
  }
}
