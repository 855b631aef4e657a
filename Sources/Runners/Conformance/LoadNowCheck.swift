/// 9: it can be loaded, quickly, and its constructors leave the process as it was.
struct LoadNowCheck: Check {
  let number = 9
  let name = "load-now"
  let level = 2

  func look(at subject: CheckSubject) -> CheckFinding {
    let report = LibraryProbe(subject: subject).report(.load)
    if let crashed = CheckFinding(crashOf: report) { return crashed }
    var failures = report.bad
    var warnings: [String] = []
    let milliseconds = (report.numbers["load_us"] ?? 0) / 1000
    if milliseconds >= 100 { warnings.append("Loading it takes \(milliseconds) ms; each new runner waits so long.") }
    if let threads = report.numbers["threads"], threads > 0 {
      failures.append("Its constructors start \(threads) threads. Start them in open() or run().")
    }
    if let descriptors = report.numbers["descriptors"], descriptors > 0 {
      failures.append("Its constructors leave \(descriptors) descriptors open. Open files in run().")
    }
    return .failed(failures, warnings: warnings)
  }
}
