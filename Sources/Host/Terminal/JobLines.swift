import Workflow

/// A job as lines of text: its state, and a bar for each stage.
struct JobLines {
  let job: JSON
  /// Tasks a second of the stages that run, as far as it is known.
  var rates: [String: Double] = [:]
  /// Letters in a line; nil: as many as it takes.
  var room: Int?

  /// In a narrow terminal the numbers need the room more than the bar.
  private var barWidth: Int { (room ?? 80) < 60 ? 8 : 24 }

  var isFinal: Bool { job["state"]?.stringValue.flatMap(JobState.init(rawValue:))?.isFinal ?? false }
  var state: String { job["state"]?.stringValue ?? "" }
  private var stages: [JSON] { job["stages"]?.arrayValue ?? [] }

  var lines: [String] {
    let id = job["id"]?.stringValue ?? ""
    let took = Elapsed.seconds(from: job["started_at"]?.stringValue, to: job["finished_at"]?.stringValue)
    let header = "job \(id) · \(job["workflow"]?.stringValue ?? "") · \(state)\(took.map { " in \(Elapsed.text($0))" } ?? "")"
    let width = stages.map { ($0["id"]?.stringValue ?? "").count }.max() ?? 0
    return [header + (waiting(job).map { ": \($0)" } ?? "")] + stages.map { line($0, width: width) }
  }

  /// One line for a command that changed something: the job's state, and what it waits for.
  var standing: String {
    let id = job["id"]?.stringValue ?? ""
    if job["cancelling"]?.boolValue == true, !isFinal { return "job \(id): \(state), being cancelled" }
    return "job \(id): \(state)" + (waiting(job).map { ": \($0)" } ?? "")
  }

  private func waiting(_ part: JSON) -> String? { part["waiting_reason"]?["text"]?.stringValue }

  /// One line: the job's state and that of each stage that has begun.
  var summary: String {
    let begun = stages.compactMap { stage -> String? in
      guard let state = stage["state"]?.stringValue, state != StageState.waiting.rawValue else { return nil }
      return "\(stage["id"]?.stringValue ?? "") \(state)"
    }
    return "job \(job["id"]?.stringValue ?? ""): \(state)" + (begun.isEmpty ? "" : " (\(begun.joined(separator: ", ")))")
  }

  private func line(_ stage: JSON, width: Int) -> String {
    let id = stage["id"]?.stringValue ?? ""
    let tasks = stage["tasks"] ?? .null
    func count(_ name: String) -> Int { tasks[name]?.intValue ?? 0 }
    let (total, done, failed) = (count("total"), count("completed"), count("failed"))
    let progress = total > 0 ? "\(Quantity.text(done + failed))/\(Quantity.text(total))" : "-"
    var text = "  \(id.padded(to: width)) \(bar(done: done, failed: failed, total: total)) \(progress.padded(to: 7)) "
    text += stage["state"]?.stringValue ?? ""
    text += pace(of: stage, id, ended: done + failed)
    for state in ["running", "retrying", "failed"] where count(state) > 0 { text += ", \(Quantity.text(count(state))) \(state)" }
    if let items = stage["items"]?.intValue, items > 0 { text += ", \(Quantity.text(items)) \(items == 1 ? "item" : "items")" }
    if let rejects = stage["rejects"]?.intValue, rejects > 0 { text += ", \(Quantity.text(rejects)) rejected" }
    for (name, value) in stage["totals"]?.objectValue?.members ?? [] where name.isOfBytes {
      if let bytes = value.intValue, bytes > 0 { text += ", \(Quantity.bytes(bytes))" }
    }
    if let reason = stage["reason"]?.stringValue ?? waiting(stage) { text += ": \(reason)" }
    return text
  }

  /// How long the stage took and how fast it was; while it runs, how fast it is.
  private func pace(of stage: JSON, _ id: String, ended: Int) -> String {
    guard let seconds = Elapsed.seconds(from: stage["opened_at"]?.stringValue, to: stage["finished_at"]?.stringValue) else {
      return rates[id].flatMap(Quantity.rate).map { ", \($0)" } ?? ""
    }
    let rate = ended > 1 && seconds > 0 ? Quantity.rate(Double(ended) / seconds) : nil
    return " in \(Elapsed.text(seconds))" + (rate.map { ", \($0)" } ?? "")
  }

  private func bar(done: Int, failed: Int, total: Int) -> String {
    guard total > 0 else { return "[" + String(repeating: " ", count: barWidth) + "]" }
    let bad = failed == 0 ? 0 : max(1, failed * barWidth / total)
    let filled = min(done * barWidth / total, barWidth - bad)
    return "[" + String(repeating: "#", count: filled) + String(repeating: "!", count: bad)
      + String(repeating: " ", count: barWidth - filled - bad) + "]"
  }
}

extension String {
  func padded(to width: Int) -> String { count >= width ? self : self + String(repeating: " ", count: width - count) }

  /// Whether a total or a result's member of this name counts bytes.
  var isOfBytes: Bool { hasPrefix("bytes_") || hasSuffix("_bytes") || self == "bytes" }
}
