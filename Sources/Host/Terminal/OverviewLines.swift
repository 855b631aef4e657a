import Workflow

/// All jobs at a glance, as lines of text.
struct OverviewLines {
  /// As `/api/metrics/overview` gives it.
  let overview: JSON
  /// Letters in a line; nil: as many as it takes.
  var width: Int?

  private var room: Int { width ?? .max }

  var lines: [String] {
    var lines = Cells.lines(head, between: " · ", width: room, indent: "  ").flatMap(sentence)
    if overview["sampled_at"]?.stringValue == nil { lines.append("no samples: no host leads, or METRICS_ENABLED is false") }
    lines += (overview["attention"]?.arrayValue ?? []).flatMap { attention in
      ["! \(attention["text"]?.stringValue ?? "")", "  \(attention["hint"]?.stringValue ?? "")"].flatMap(sentence)
    }
    lines += jobs
    let failures = overview["failures"]?.arrayValue ?? []
    if !failures.isEmpty { lines.append("failures of the last day:") }
    lines += failures.flatMap { group in
      sentence(
        "  \(Quantity.text(group["failed"]?.intValue ?? 0)) × \(group["text"]?.stringValue ?? "") (\(group["task"]?.stringValue ?? ""))")
    }
    return lines
  }

  private func sentence(_ text: String) -> [String] {
    guard let width, Cells.count(text) > width else { return [text] }
    let indent = String(text.prefix { $0 == " " })
    return Cells.lines(text, width: width - indent.count, indent: indent.isEmpty ? "  " : "").map { indent + $0 }
  }

  private var head: [String] {
    let tiles = overview["tiles"] ?? .null
    func count(_ name: String) -> String { Quantity.text(tiles[name]?.intValue ?? 0) }
    return [
      "\(count("running_jobs")) jobs running, \(count("queued_jobs")) queued, \(count("paused_jobs")) paused",
      "tasks: \(count("running_tasks")) running, \(count("queued_tasks")) queued, \(count("retrying_tasks")) retrying, "
        + "\(count("failed_tasks")) failed", tiles["tasks_per_second"]?.doubleValue.flatMap(Quantity.rate) ?? "0 tasks/s",
      "\(count("hosts")) hosts with \(count("slots")) runners",
    ]
  }

  /// A line each; where one has no room for all that is told of a job, what it is and how far stand below each other.
  private var jobs: [String] {
    let jobs = overview["jobs"]?.arrayValue ?? []
    let width = jobs.map { Cells.count($0["workflow"]?.stringValue ?? "") }.max() ?? 0
    let lines = jobs.map { job in
      func text(_ name: String) -> String { job[name]?.stringValue ?? "" }
      return (
        what: "\(text("id").padded(to: 6)) \(text("workflow").padded(to: width)) \(text("state").padded(to: 9))",
        parts: CardLines(card: job).parts
      )
    }
    // the width of a sparkline or a word more should not move all of them
    if lines.allSatisfy({ Cells.count($0.what) + 1 + 80 <= room }) { return lines.map { "\($0.what) \($0.parts.joined(separator: "  "))" } }
    return lines.flatMap { [$0.what] + Cells.lines($0.parts, between: "  ", width: room - 2, indent: "").flatMap { sentence("  " + $0) } }
  }
}
