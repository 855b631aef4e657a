extension PluginDescription {
  /// Where the library and the manifest say different things, with both values; empty when the plugin may be used.
  ///
  /// Both must have the same id, version and handlers; every service that a handler cannot run without must be known
  /// and granted.
  /// - Parameters:
  ///   - library: file name of the library, for the messages: `libIngest.so`.
  ///   - source: the manifest's place; its text gives lines and columns.
  public func mismatches(with manifest: PluginManifest, library: String, source: ManifestSource) -> [Problem] {
    var problems: [Problem] = []
    let root = ManifestPath()
    func compare(_ member: String, _ written: String, _ described: String) {
      guard written != described else { return }
      problems.append(
        source.problem(
          at: root[member], "the manifest says \"\(written)\", \(library) says \"\(described)\".",
          hint: "Use the library that the manifest was written for, or correct the manifest."))
    }
    compare("id", manifest.id, id)
    compare("version", manifest.version, version)
    for settings in manifest.handlers where handler(settings.name) == nil {
      problems.append(
        source.problem(
          at: root["handlers"][settings.name], "\(library) has no handler \"\(settings.name)\".",
          hint: hint(forMissing: settings.name)))
    }
    for handler in handlers {
      let place = root["handlers"][handler.name]
      if manifest.handler(handler.name) == nil {
        problems.append(
          source.problem(
            at: root["handlers"], "\(library) has a handler \"\(handler.name)\" that the manifest does not name.",
            hint: "Add \"\(handler.name)\": {}."))
      }
      problems += handler.ungranted(by: manifest.grants).map { source.problem(at: place, $0.message, hint: $0.hint) }
    }
    return problems.sorted()
  }

  private func hint(forMissing name: String) -> String {
    if handlers.isEmpty { return "It has none." }
    return Suggestion.hint("It has", handlers.map(\.name), for: name)
  }
}

extension HandlerDescription {
  fileprivate func ungranted(by grants: Grants) -> [(message: String, hint: String)] {
    services.filter { !grants.allow(service: $0) }.map { service in
      if Grants.grantedServices.contains(service) {
        ("needs \(service), which the manifest does not grant.", "Add \"\(service)\" to grants.")
      } else {
        ("needs \(service), which this weir does not have.", "Use a newer weir, or a build of the plugin that does without.")
      }
    }
  }
}
