/// What an operator sets of metrics, by environment alone: `METRICS_ENABLED` and the others.
public struct MetricsSettings: Sendable, Hashable {
  /// Whether the leader samples; without samples there are no rates, no ETA and no charts.
  public var isEnabled = true
  /// Whether each sample is a line in the log.
  public var isDebugging = false
  /// Between two samples.
  public var sampleInterval: Duration = .seconds(5)
  /// How long samples are kept; those of a job that has not ended are thinned to one an hour instead.
  public var retention: Duration = .seconds(3600)
  /// Before each line that is about metrics.
  public var logPrefix = "[METRICS]"

  public init() {}

  /// One variable: what it must be, and where it goes.
  private struct Setting: Sendable {
    var variable: String
    var expected: String
    /// Answers whether it can be.
    var apply: @Sendable (String, inout MetricsSettings) -> Bool
    var show: @Sendable (MetricsSettings) -> String
  }

  private static let switches: [String: Bool] = [
    "true": true, "1": true, "yes": true, "on": true, "false": false, "0": false, "no": false, "off": false,
  ]

  private static let settings: [Setting] = [
    Setting(variable: "METRICS_ENABLED", expected: "true or false") { text, settings in
      settings.isEnabled = switches[text.lowercased()] ?? true
      return switches[text.lowercased()] != nil
    } show: {
      "\($0.isEnabled)"
    },
    Setting(variable: "METRICS_DEBUG_MODE", expected: "true or false") { text, settings in
      settings.isDebugging = switches[text.lowercased()] ?? false
      return switches[text.lowercased()] != nil
    } show: {
      "\($0.isDebugging)"
    },
    Setting(variable: "METRICS_SAMPLE_INTERVAL", expected: "seconds from 1 to 300, such as 5") { text, settings in
      guard let seconds = whole(text.hasSuffix("s") ? text.dropLast() : text[...], 1...300) else { return false }
      settings.sampleInterval = .seconds(seconds)
      return true
    } show: {
      "\($0.sampleInterval.components.seconds)"
    },
    Setting(variable: "METRICS_RETENTION_MINUTES", expected: "minutes from 10 to 1440, such as 60") { text, settings in
      guard let minutes = whole(text[...], 10...1440) else { return false }
      settings.retention = .seconds(60 * minutes)
      return true
    } show: {
      "\($0.retention.components.seconds / 60)"
    },
    Setting(variable: "METRICS_LOG_PREFIX", expected: "1 to 40 printable characters, such as [METRICS]") { text, settings in
      settings.logPrefix = text
      return (1...40).contains(text.count) && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    } show: {
      $0.logPrefix
    },
  ]

  private static func whole(_ text: Substring, _ range: ClosedRange<Int>) -> Int? {
    guard let number = Int(text), "\(number)" == text, range.contains(number) else { return nil }
    return number
  }

  /// Reads the variables, with every problem of them; a name that begins so and is none of them is one, too.
  static func load(_ environment: [String: String], _ problems: inout [Problem]) -> MetricsSettings {
    var settings = MetricsSettings()
    for setting in Self.settings {
      guard let text = environment[setting.variable] else { continue }
      if !setting.apply(text, &settings) {
        problems.append(
          Problem(
            file: "environment", path: setting.variable, message: "expected \(setting.expected), got \"\(text)\".",
            hint: "Without it the host takes \(setting.show(MetricsSettings()))."))
      }
    }
    let known = Self.settings.map(\.variable)
    for variable in environment.keys.sorted() where variable.hasPrefix("METRICS_") && !known.contains(variable) {
      guard let meant = Suggestion.nearest(to: variable, among: known) else { continue }
      problems.append(
        Problem(file: "environment", path: variable, message: "unknown variable.", hint: "Did you mean \(meant)?"))
    }
    return settings
  }

  /// The values in force, and where each came from.
  func origins(_ environment: [String: String]) -> [HostConfiguration.Origin] {
    Self.settings.map { setting in
      HostConfiguration.Origin(
        name: setting.variable, value: setting.show(self),
        source: environment[setting.variable] == nil ? "default" : setting.variable)
    }
  }
}
