extension HostConfiguration {
  /// A value in force and where it came from.
  public struct Origin: Sendable, Hashable {
    /// As in the file.
    public var name: String
    /// Hidden when it is a secret; nil when it is not set.
    public var value: String?
    /// `default`, the file, or the variable.
    public var source: String
  }

  /// Reads the file and the environment, which counts more.
  /// - Parameters:
  ///   - file: path and bytes; nil when there is none.
  /// - Throws: every problem of both.
  public static func load(
    file: (path: String, bytes: [UInt8])?, environment: [String: String]
  ) throws(Problems) -> (configuration: HostConfiguration, origins: [Origin]) {
    var configuration = HostConfiguration()
    var sources: [String: String] = [:]
    var problems: [Problem] = []
    if let file {
      do throws(Problem) {
        let text = try ManifestText(bytes: file.bytes, file: file.path)
        problems += configuration.read(text, &sources)
      } catch {
        problems.append(error)
      }
    }
    for setting in ConfigurationSetting.all {
      guard let text = environment[setting.variable] else { continue }
      sources[setting.name] = setting.variable
      if !setting.apply(text, &configuration) {
        problems.append(
          Problem(
            file: "environment", path: setting.variable,
            message: "expected \(setting.expected), got \(setting.mayHoldSecret ? "something else" : "\"\(text)\"")."))
      }
    }
    configuration.metrics = MetricsSettings.load(environment, &problems)
    guard problems.isEmpty else { throw Problems(list: problems) }
    let origins = ConfigurationSetting.all.map { setting in
      let value = setting.show(configuration)
      return Origin(
        name: setting.name, value: setting.isSecret && value != nil ? "(hidden)" : value.map(Redaction.byForm.text),
        source: sources[setting.name] ?? "default")
    }
    return (configuration, origins + configuration.metrics.origins(environment))
  }

  private mutating func read(_ text: ManifestText, _ sources: inout [String: String]) -> [Problem] {
    let log = ProblemLog(text: text)
    let names = ConfigurationSetting.all.map(\.name)
    guard
      let reader = ObjectReader(
        text.root, at: ManifestPath(), subject: "the configuration", keys: ["$schema"] + names, log: log)
    else { return log.problems }
    for setting in ConfigurationSetting.all {
      guard let value = reader.value(setting.name) else { continue }
      sources[setting.name] = text.file
      let written = value.json.stringValue ?? value.json.serialized()
      if value.json == .null || !setting.apply(written, &self) {
        guard setting.mayHoldSecret else {
          reader.reportWrong(setting.name, expected: setting.expected)
          continue
        }
        log.report(value, at: ManifestPath()[setting.name], "expected \(setting.expected), got something else.")
      }
    }
    return log.problems.sorted()
  }
}
