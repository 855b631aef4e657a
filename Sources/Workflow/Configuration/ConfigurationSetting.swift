/// One value of the configuration: its name in the file, what it may be, and where it goes.
struct ConfigurationSetting: Sendable {
  let name: String
  /// What it must be, for messages.
  let expected: String
  let isSecret: Bool
  /// What was given wrongly may hold a secret: it is not repeated in messages.
  let mayHoldSecret: Bool
  /// Takes the text, and answers whether it can be.
  let apply: @Sendable (String, inout HostConfiguration) -> Bool
  /// As `weir config` shows it; nil when it is not set.
  let show: @Sendable (HostConfiguration) -> String?

  var variable: String { "WEIR_" + name.uppercased() }

  init(
    _ name: String, _ expected: String, isSecret: Bool = false, mayHoldSecret: Bool = false,
    show: @escaping @Sendable (HostConfiguration) -> String?,
    apply: @escaping @Sendable (String, inout HostConfiguration) -> Bool
  ) {
    self.name = name
    self.expected = expected
    self.isSecret = isSecret
    self.mayHoldSecret = isSecret || mayHoldSecret
    self.show = show
    self.apply = apply
  }

  static let levels = ["trace", "debug", "info", "notice", "warning", "error"]

  /// All there are. `containers` is an object in the file and JSON text in the environment.
  static let all: [ConfigurationSetting] = [
    text("database_url", "a postgresql:// URL", isSecret: true, \.databaseURL),
    ConfigurationSetting("database_pooling", "none or transaction", show: { $0.databasePooling }) { text, values in
      values.databasePooling = text
      return ["none", "transaction"].contains(text)
    },
    text("database_listen_url", "a postgresql:// URL", isSecret: true, \.databaseListenURL),
    count("database_connections", 2...1000, \.databaseConnections),
    ConfigurationSetting("folder", "a path", show: { $0.folder }) { text, values in
      values.folder = text
      return !text.isEmpty
    },
    ConfigurationSetting(
      "containers", "an object of URLs by container name, such as {\"bronze*\": \"file:///data/*\"}",
      show: { RawJSON(.object(JSONObject($0.containers.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))).text }
    ) { text, values in
      guard let object = try? JSON(parsing: text).objectValue else { return false }  // the caller says what was expected
      for (name, url) in object.members {
        guard let url = url.stringValue else { return false }
        values.containers[name] = url
      }
      return true
    },
    ConfigurationSetting(
      "credentials",
      "an object by name, such as {\"lake\": {\"key_id\": \"AKIA\", \"secret\": {\"env\": \"LAKE_SECRET\"}}}, with secrets only as "
        + "{\"env\": VARIABLE} or {\"file\": PATH}, and of the parts " + CredentialSetting.known.joined(separator: ", "),
      mayHoldSecret: true,
      show: { RawJSON(.object(JSONObject($0.credentials.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }))).text }
    ) { text, values in
      guard let object = try? JSON(parsing: text).objectValue else { return false }  // the caller says what was expected
      for (name, credential) in object.members {
        guard let credential = CredentialSetting(credential) else { return false }
        values.credentials[name] = credential
      }
      return true
    },
    ConfigurationSetting(
      "databases", HandlerDatabase.expected, isSecret: true, show: { $0.databases.isEmpty ? nil : "set" }
    ) { text, values in
      guard let databases = HandlerDatabase.all(text) else { return false }
      values.databases.merge(databases) { $1 }
      return true
    },
    ConfigurationSetting(
      "http_credentials", HTTPCredential.expected, mayHoldSecret: true,
      show: {
        let all = $0.httpCredentials.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.shown)" }
        return all.isEmpty ? nil : all.joined(separator: "; ")
      }
    ) { text, values in
      guard let credentials = HTTPCredential.all(text) else { return false }
      values.httpCredentials.merge(credentials) { $1 }
      return true
    },
    ConfigurationSetting(
      "private_addresses", "addresses and ranges such as \"10.0.0.0/8, ::1\"",
      show: { $0.privateAddresses.isEmpty ? nil : $0.privateAddresses.map(\.text).joined(separator: ", ") }
    ) { text, values in
      guard let ranges = NetworkRange.list(text) else { return false }
      values.privateAddresses = ranges
      return true
    },
    ConfigurationSetting(
      "webhooks", WebhookSetting.expected, mayHoldSecret: true,
      show: {
        let all = $0.webhooks.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.shown)" }
        return all.isEmpty ? nil : all.joined(separator: "; ")
      }
    ) { text, values in
      guard let webhooks = WebhookSetting.all(text) else { return false }
      values.webhooks.merge(webhooks) { $1 }
      return true
    },
    ConfigurationSetting("traces", TraceSetting.expected, mayHoldSecret: true, show: { $0.traces?.shown }) { text, values in
      values.traces = TraceSetting(text)
      return values.traces != nil
    },
    text("manifests", "a path", \.manifests),
    text("plugin_path", "folders with \":\" between them", \.pluginPath),
    ConfigurationSetting("listen", "an address such as 127.0.0.1:8080", show: { "\($0.listen)" }) { text, values in
      guard let address = ListenAddress(text) else { return false }
      values.listen = address
      return true
    },
    ConfigurationSetting("token", "at least 16 characters", isSecret: true, show: { $0.token }) { text, values in
      values.token = text
      return text.count >= 16
    },
    ConfigurationSetting("runners", "a whole number from 1 to 1024", show: { $0.runners.map(String.init) }) { text, values in
      values.runners = Int(text)
      return Int(text).map((1...1024).contains) ?? false
    },
    duration("grace", \.grace),
    ConfigurationSetting("runner_user", "a user's name", show: { $0.runnerUser }) { text, values in
      values.runnerUser = text
      return !text.isEmpty
    },
    duration("lease", \.lease),
    duration("task_timeout", \.taskTimeout),
    duration("queue_timeout", \.queueTimeout),
    duration("progress_timeout", \.progressTimeout),
    count("quarantine_after", 0...1_000_000, \.quarantineAfter),
    ConfigurationSetting(
      "limits", "an object of limits by resource or handler, such as {\"planet_api\": {\"concurrency\": 4, \"rate\": \"10/s\"}}",
      show: { RawJSON(.object(JSONObject($0.limits.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }))).text }
    ) { text, values in
      // the caller says what was expected
      guard let limits = (try? JSON(parsing: text)).flatMap(LimitSettings.all) else { return false }
      values.limits.merge(limits) { $1 }
      return true
    },
    ConfigurationSetting(
      "resources", "an object of weights by handler and resource, such as {\"ingest.copy\": {\"planet_api\": 1}}",
      show: { RawJSON(.object(JSONObject($0.resources.sorted { $0.key < $1.key }.map { ($0.key, ResourceWeights.json($0.value)) }))).text }
    ) { text, values in
      // the caller says what was expected
      guard let resources = (try? JSON(parsing: text)).flatMap(ResourceWeights.byHandler) else { return false }
      values.resources.merge(resources) { $1 }
      return true
    },
    ConfigurationSetting("retention", RetentionSetting.expected, show: { RetentionSetting.text($0.retention) }) { text, values in
      // the caller says what was expected
      guard let retention = (try? JSON(parsing: text)).flatMap(RetentionSetting.read) else { return false }
      values.retention.merge(retention) { $1 }
      return true
    },
    ConfigurationSetting("log_level", levels.joined(separator: ", "), show: { $0.logLevel }) { text, values in
      values.logLevel = text
      return levels.contains(text)
    },
  ]

  private static func text(
    _ name: String, _ expected: String, isSecret: Bool = false,
    _ path: any (WritableKeyPath<HostConfiguration, String?> & Sendable)
  ) -> ConfigurationSetting {
    ConfigurationSetting(name, expected, isSecret: isSecret, show: { $0[keyPath: path] }) { text, values in
      values[keyPath: path] = text
      return !text.isEmpty
    }
  }

  private static func count(
    _ name: String, _ range: ClosedRange<Int>, _ path: any (WritableKeyPath<HostConfiguration, Int> & Sendable)
  ) -> ConfigurationSetting {
    ConfigurationSetting(
      name, "a whole number from \(range.lowerBound) to \(range.upperBound)", show: { "\($0[keyPath: path])" }
    ) { text, values in
      guard let number = Int(text), range.contains(number) else { return false }
      values[keyPath: path] = number
      return true
    }
  }

  private static func duration(
    _ name: String, _ path: any (WritableKeyPath<HostConfiguration, Duration?> & Sendable)
  ) -> ConfigurationSetting {
    ConfigurationSetting(
      name, "a duration such as 30s", show: { $0[keyPath: path].map(DurationText.text) }
    ) { text, values in
      guard let duration = DurationText.parse(text), duration > .zero else { return false }
      values[keyPath: path] = duration
      return true
    }
  }

  private static func duration(
    _ name: String, _ path: any (WritableKeyPath<HostConfiguration, Duration> & Sendable)
  ) -> ConfigurationSetting {
    ConfigurationSetting(
      name, "a duration such as 30s", show: { DurationText.text(of: $0[keyPath: path]) }
    ) { text, values in
      guard let duration = DurationText.parse(text), duration > .zero else { return false }
      values[keyPath: path] = duration
      return true
    }
  }
}
