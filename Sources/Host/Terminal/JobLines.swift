import Workflow

/// A job as lines of text: its state, and a bar for each stage.
struct JobLines {
  private static let barWidth = 24

  let job: JSON
  /// Tasks a second of the job, by stage, as far as it is known.
  var rates: [String: Double] = [:]

  var isFinal: Bool { job["state"]?.stringValue.flatMap(JobState.init(rawValue:))?.isFinal ?? false }
  var state: String { job["state"]?.stringValue ?? "" }

  var lines: [String] {
    let header = "job \(job["id"]?.stringValue ?? "") · \(job["workflow"]?.stringValue ?? "") · \(state)"
    return [header] + (job["stages"]?.arrayValue ?? []).map(line)
  }

  private func line(_ stage: JSON) -> String {
    let id = stage["id"]?.stringValue ?? ""
    let tasks = stage["tasks"] ?? .null
    func count(_ name: String) -> Int { tasks[name]?.intValue ?? 0 }
    let (total, done, failed) = (count("total"), count("completed"), count("failed"))
    var text = "  \(id.padded(to: 22)) \(bar(done: done, failed: failed, total: total)) "
    text += total > 0 ? "\(done + failed)/\(total)" : "-"
    text += "  \(stage["state"]?.stringValue ?? "")"
    if count("running") > 0 { text += ", \(count("running")) running" }
    if count("retrying") > 0 { text += ", \(count("retrying")) retrying" }
    if failed > 0 { text += ", \(failed) failed" }
    if let rejects = stage["rejects"]?.intValue, rejects > 0 { text += ", \(rejects) rejected" }
    if let rate = rates[id], rate > 0 { text += String(rate: rate) }
    if let reason = stage["reason"]?.stringValue { text += ": \(reason)" }
    return text
  }

  private func bar(done: Int, failed: Int, total: Int) -> String {
    guard total > 0 else { return "[" + String(repeating: " ", count: Self.barWidth) + "]" }
    let filled = done * Self.barWidth / total
    let bad = failed == 0 ? 0 : max(1, failed * Self.barWidth / total)
    let rest = max(0, Self.barWidth - filled - bad)
    return "[" + String(repeating: "#", count: filled) + String(repeating: "!", count: bad)
      + String(repeating: " ", count: rest) + "]"
  }
}

extension String {
  func padded(to width: Int) -> String { count >= width ? self : self + String(repeating: " ", count: width - count) }

  fileprivate init(rate: Double) {
    let tenths = Int(rate * 10)
    self = rate >= 10 ? ", \(Int(rate)) tasks/s" : ", \(tenths / 10).\(tenths % 10) tasks/s"
  }
}

extension JobLines {
  /// One line: the job's state and that of each stage that has begun.
  var summary: String {
    let stages = (job["stages"]?.arrayValue ?? []).compactMap { stage -> String? in
      guard let state = stage["state"]?.stringValue, state != StageState.waiting.rawValue else { return nil }
      return "\(stage["id"]?.stringValue ?? "") \(state)"
    }
    return "job \(job["id"]?.stringValue ?? ""): \(state)" + (stages.isEmpty ? "" : " (\(stages.joined(separator: ", ")))")
  }
}
