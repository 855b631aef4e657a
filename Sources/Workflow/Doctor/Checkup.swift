/// All findings about one installation.
public struct Checkup: Sendable, Hashable {
  public var findings: [Finding]

  public init(_ findings: [Finding] = []) { self.findings = findings }

  /// The worst there is.
  public var severity: Finding.Severity { findings.map(\.severity).max() ?? .fine }

  /// 0: nothing is to be done; 1: warnings; 2: errors. As monitoring systems read it.
  public var exitStatus: Int32 {
    switch severity {
    case .fine, .note: 0
    case .warning: 1
    case .error: 2
    }
  }

  public var json: JSON {
    ["status": JSON(severity.rawValue), "findings": .array(findings.map(\.json))]
  }

  /// One finding a line, its remedy on the next; `isVerbose` also lists what is as it should be.
  public func text(isVerbose: Bool) -> String {
    let shown = findings.filter { isVerbose || $0.severity > .fine }
    let width = shown.map { $0.subject.count }.max() ?? 0
    var lines: [String] = []
    for finding in shown {
      let gap = String(repeating: " ", count: width - finding.subject.count)
      let word = finding.severity == .fine ? "ok" : finding.severity.rawValue
      lines.append(word + String(repeating: " ", count: 8 - word.count) + finding.subject + gap + "  " + finding.message)
      for line in (finding.hint ?? "").split(separator: "\n") { lines.append("          " + line) }
    }
    lines.append(summary)
    return lines.joined(separator: "\n")
  }

  private var summary: String {
    func count(_ severity: Finding.Severity, _ one: String) -> String? {
      let count = findings.count { $0.severity == severity }
      return count == 0 ? nil : "\(count) \(one)\(count == 1 ? "" : "s")"
    }
    let bad = [count(.error, "error"), count(.warning, "warning")].compactMap { $0 }
    let things = findings.count == 1 ? "1 thing" : "\(findings.count) things"
    return "\(things) looked at: " + (bad.isEmpty ? "all is well." : bad.joined(separator: ", ") + ".")
  }
}
