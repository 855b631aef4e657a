import Workflow

/// All jobs at a glance, as lines of text.
struct OverviewLines {
  /// As `/api/metrics/overview` gives it.
  let overview: JSON

  var lines: [String] {
    let tiles = overview["tiles"] ?? .null
    func count(_ name: String) -> String { Quantity.text(tiles[name]?.intValue ?? 0) }
    let rate = tiles["tasks_per_second"]?.doubleValue.flatMap(Quantity.rate) ?? "0 tasks/s"
    var lines = [
      "\(count("running_jobs")) jobs running, \(count("queued_jobs")) queued, \(count("paused_jobs")) paused · tasks: "
        + "\(count("running_tasks")) running, \(count("queued_tasks")) queued, \(count("retrying_tasks")) retrying, "
        + "\(count("failed_tasks")) failed · \(rate) · \(count("hosts")) hosts with \(count("slots")) runners"
    ]
    if overview["sampled_at"]?.stringValue == nil { lines.append("no samples: no host leads, or METRICS_ENABLED is false") }
    lines += (overview["attention"]?.arrayValue ?? []).flatMap { attention in
      ["! \(attention["text"]?.stringValue ?? "")", "  \(attention["hint"]?.stringValue ?? "")"]
    }
    let jobs = overview["jobs"]?.arrayValue ?? []
    let width = jobs.map { ($0["workflow"]?.stringValue ?? "").count }.max() ?? 0
    for job in jobs {
      func text(_ name: String) -> String { job[name]?.stringValue ?? "" }
      lines.append(
        "\(text("id").padded(to: 6)) \(text("workflow").padded(to: width)) \(text("state").padded(to: 9)) \(CardLines(card: job).summary)")
    }
    let failures = overview["failures"]?.arrayValue ?? []
    if !failures.isEmpty { lines.append("failures of the last day:") }
    lines += failures.map { group in
      "  \(Quantity.text(group["failed"]?.intValue ?? 0)) × \(group["text"]?.stringValue ?? "") (\(group["task"]?.stringValue ?? ""))"
    }
    return lines
  }
}
