extension PluginManifest {
  static let keys = [
    "$schema", "id", "version", "abi", "library", "title", "description", "config", "handlers", "grants", "metrics",
  ]

  /// Reads a plugin's manifest strictly; rules are `Validator`'s.
  /// - Parameter file: the file's path, or a word such as `body`, for the problems.
  public static func load(bytes: [UInt8], file: String) -> LoadedManifest<PluginManifest> {
    LoadedManifest(bytes: bytes, file: file) { text, log in
      ObjectReader(text.root, at: ManifestPath(), subject: "a plugin", keys: keys, log: log).map { read($0) }
    }
  }

  private static func read(_ reader: ObjectReader) -> PluginManifest {
    let hint = "A plugin needs id, version, abi, library and handlers."
    _ = reader.string("$schema")
    _ = reader.required("abi", hint: hint)
    _ = reader.required("handlers", hint: hint)
    let config = reader.object("config", subject: "what the library is given when it is opened", keys: nil)
    let handlers = reader.object("handlers", subject: "an object with a member for each handler", keys: nil)
    return PluginManifest(
      id: reader.requiredString("id", hint: hint) ?? "", version: reader.requiredString("version", hint: hint) ?? "",
      abi: reader.integer("abi") ?? 1, library: reader.requiredString("library", hint: hint) ?? "",
      title: reader.string("title"), description: reader.string("description"),
      config: config.flatMap { _ in reader.value("config")?.json } ?? .object(JSONObject()),
      handlers: handlers?.objects(subject: "a handler", keys: HandlerSettings.keys).map {
        HandlerSettings.read($0.reader, name: $0.name)
      } ?? [],
      grants: reader.grants("grants"), metrics: reader.metrics("metrics"))
  }
}

extension HandlerSettings {
  static let keys = ["title", "timeout", "queue_timeout", "progress_timeout", "memory", "threads", "resources", "retry"]

  fileprivate static func read(_ reader: ObjectReader, name: String) -> HandlerSettings {
    HandlerSettings(
      name: name, title: reader.string("title"), timeout: reader.duration("timeout"),
      queueTimeout: reader.duration("queue_timeout"), progressTimeout: reader.duration("progress_timeout"), retry: reader.retry("retry"),
      memory: reader.size("memory"), threads: reader.integer("threads"),
      resources: reader.weights("resources"))
  }
}

extension ObjectReader {
  fileprivate func weights(_ key: String) -> [String: Int] {
    guard let value = value(key) else { return [:] }
    if let weights = ResourceWeights.read(value.json) { return weights }
    reportWrong(key, expected: ResourceWeights.expected)
    return [:]
  }

  fileprivate func metrics(_ key: String) -> [MetricDeclaration] {
    (elements(key, of: "metrics") ?? []).compactMap { value, path in
      guard
        let reader = ObjectReader(
          value, at: path, subject: "a metric", keys: ["name", "unit", "aggregate", "label", "of", "rate", "live"], log: log)
      else { return nil }
      return MetricDeclaration(
        name: reader.requiredString("name", hint: "A metric needs a name.") ?? "", unit: reader.string("unit"),
        aggregate: reader.choice("aggregate", MetricDeclaration.Aggregate.self) ?? .sum, label: reader.string("label"),
        of: reader.string("of"),
        hasRate: reader.bool("rate") ?? false, live: reader.string("live"))
    }
  }

  fileprivate func grants(_ key: String) -> Grants {
    var grants = Grants()
    guard let reader = object(key, subject: "an object with a member for each service", keys: nil) else { return grants }
    for id in reader.names {
      switch id {
      case "weir.storage/1":
        let grant = reader.object(id, subject: "a grant of \(id)", keys: ["read", "write"])
        grants.storage = grant.map { .init(read: $0.patterns("read"), write: $0.patterns("write")) }
      case "weir.stac/1":
        let grant = reader.object(id, subject: "a grant of \(id)", keys: ["collections"])
        grants.stac = grant.map { .init(collections: $0.patterns("collections")) }
      case "weir.http/1":
        let grant = reader.object(id, subject: "a grant of \(id)", keys: ["hosts", "credentials"])
        grants.http = grant.map {
          .init(hosts: $0.patterns("hosts"), credentials: $0.strings("credentials", of: "names") ?? [])
        }
      case "weir.sql/1":
        let grant = reader.object(id, subject: "a grant of \(id)", keys: ["databases"])
        grants.sql = grant.map { .init(databases: $0.strings("databases", of: "names") ?? []) }
      default: reader.reportUngrantable(id)
      }
    }
    return grants
  }

  private func reportUngrantable(_ id: String) {
    guard let value = value(id) else { return }
    if Grants.freeServices.contains(id) {
      log.report(
        value, at: path[id], "needs no grant.", hint: "Remove it: a handler that declares \(id) has it.")
    } else {
      log.report(
        value, at: path[id], "unknown service.", hint: Suggestion.hint("Services to grant are", Grants.grantedServices, for: id))
    }
  }

  private func patterns(_ key: String) -> [NamePattern] {
    (elements(key, of: "names or patterns") ?? []).compactMap { value, path in
      if case .scalar(.string(let text)) = value.content, let pattern = NamePattern(text) { return pattern }
      log.report(value, at: path, "expected a name or pattern, got \(value.spoken).", hint: NamePattern.hint)
      return nil
    }
  }
}
