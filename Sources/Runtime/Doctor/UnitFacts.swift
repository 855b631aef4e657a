public import Workflow

/// How the systemd unit of the host stands.
public struct UnitFacts: Sendable {
  /// Nil: this machine is not run by systemd.
  public var properties: [String: String]?

  /// - Parameter shown: what `systemctl show weir.service` says, `Name=value` a line; nil: no systemd.
  public init(shown: String?) {
    properties = shown.map { text in
      var properties: [String: String] = [:]
      for line in text.split(separator: "\n") {
        guard let sign = line.firstIndex(of: "=") else { continue }
        properties[String(line[..<sign])] = String(line[line.index(after: sign)...])
      }
      return properties
    }
  }

  /// What to ask for.
  public static let names = ["LoadState", "ActiveState", "SubState", "UnitFileState", "NRestarts", "Result"]

  public var finding: Finding {
    let subject = "service"
    guard let properties else {
      return Finding(.note, subject, "this machine is not run by systemd: something else must start and supervise the host")
    }
    func value(_ name: String) -> String { properties[name] ?? "" }
    if value("LoadState") == "not-found" {
      return Finding(
        .note, subject, "there is no unit weir.service.",
        hint: "The package brings one; else copy Packaging/systemd/weir.service to /etc/systemd/system.")
    }
    if value("LoadState") != "loaded" {
      return Finding(
        .error, subject, "weir.service cannot be loaded (\(value("LoadState"))).", hint: "systemd-analyze verify weir.service says why.")
    }
    if value("ActiveState") == "failed" {
      return Finding(
        .error, subject, "weir.service has failed (\(value("Result"))).",
        hint: "journalctl -u weir says why; then: systemctl reset-failed weir && systemctl start weir")
    }
    let restarts = Int(value("NRestarts")) ?? 0
    if restarts > 3 {
      return Finding(
        .warning, subject, "systemd has started weir.service anew \(restarts) times.", hint: "journalctl -u weir says why it ended.")
    }
    guard value("ActiveState") == "active" else {
      return Finding(.note, subject, "weir.service is \(value("ActiveState")).", hint: "systemctl start weir")
    }
    guard value("UnitFileState") == "enabled" else {
      return Finding(
        .warning, subject, "weir.service runs, and will not after the next boot.", hint: "systemctl enable weir")
    }
    return Finding(.fine, subject, "weir.service is active, and starts at boot")
  }
}
