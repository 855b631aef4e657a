/// 10: asking the library what it is changes nothing, and gives the same answer each time.
struct EntryPureCheck: Check {
  let number = 10
  let name = "entry-pure"
  let level = 2

  func look(at subject: CheckSubject) -> CheckFinding {
    let report = LibraryProbe(subject: subject).report(.entry)
    if let crashed = CheckFinding(crashOf: report) { return crashed }
    var failures = report.bad
    var warnings: [String] = []
    let milliseconds = (report.numbers["entry_us"] ?? 0) / 1000
    if milliseconds >= 10 { warnings.append("weir_plugin_v1 takes \(milliseconds) ms; under 10 is asked for.") }
    if let threads = report.numbers["threads"], threads > 0 { failures.append("weir_plugin_v1 starts \(threads) threads.") }
    if let descriptors = report.numbers["descriptors"], descriptors > 0 {
      failures.append("weir_plugin_v1 leaves \(descriptors) descriptors open.")
    }
    if let heap = report.numbers["second_heap"], heap > 0 {
      failures.append("Each call of weir_plugin_v1 takes \(heap) bytes of memory: build the tables once.")
    }
    return .failed(failures, warnings: warnings)
  }
}
