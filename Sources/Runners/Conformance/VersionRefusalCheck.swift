/// 14: an older or a much newer host is served or refused, never crashed.
struct VersionRefusalCheck: Check {
  let number = 14
  let name = "version-refusal"
  let level = 2

  func look(at subject: CheckSubject) -> CheckFinding {
    var failures: [String] = []
    for minor in [UInt32.min, .max] {
      let report = LibraryProbe(subject: subject).report(.version(minor))
      if let crash = report.crash {
        return CheckFinding(status: .crashed("asked for a host of minor \(minor), \(crash)"), findings: report.bad)
      }
      failures += report.bad
      if minor == .max, report.numbers["plugin"] == 0 {
        failures.append("It refuses a host of minor \(minor): a newer host keeps all that older plugins need.")
      }
    }
    return .failed(failures)
  }
}
