/// One rule of conformance; each stands in a file of its own.
protocol Check: Sendable {
  var number: Int { get }
  var name: String { get }
  var level: Int { get }
  func look(at subject: CheckSubject) -> CheckFinding
}

/// What a check says, before it is named.
struct CheckFinding {
  var status: CheckResult.Status
  var findings: [String] = []

  static let passed = CheckFinding(status: .passed)
  static func skipped(_ reason: String) -> CheckFinding { CheckFinding(status: .skipped(reason)) }
  static func crashed(_ cause: String) -> CheckFinding { CheckFinding(status: .crashed(cause)) }

  /// Passed if there is nothing to say.
  static func failed(_ failures: [String], warnings: [String] = []) -> CheckFinding {
    CheckFinding(
      status: !failures.isEmpty ? .failed : !warnings.isEmpty ? .warning : .passed, findings: failures + warnings)
  }
}
