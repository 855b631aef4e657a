import Engine
import Workflow

/// What waits and why, in the order in which it is taken, and the limits that hold it back.
struct QueuePage: Sendable {
  var lines: [QueueLine]
  var limits: [LimitView]
  var now: String

  var parts: [(name: String, html: HTML)] { [("queue", queue), ("limits", limited)] }

  func page(for visitor: Visitor) -> HTML {
    func live(_ name: String, _ html: HTML) -> HTML { "<div sse-swap=\"\(name)\" hx-swap=\"morph:innerHTML\" id=\"\(name)\">\(html)</div>" }
    let content: HTML = """
      <div class="head"><h1>Queue</h1></div>
      <section class="card pad" aria-labelledby="waits-title"><h2 id="waits-title">Stages that wait or run, the next first</h2>\
      \(live("queue", queue))</section>
      <section class="card pad" aria-labelledby="limits-title"><h2 id="limits-title">Limits over all hosts</h2>\(live("limits", limited))</section>
      """
    return PageShell(title: "Queue", place: .queue, visitor: visitor, events: "/api/interface/queue/events", content: content).html
  }

  private var queue: HTML {
    guard !lines.isEmpty else { return EmptyPart(icon: .check, title: "Nothing waits.", text: "No stage of any job is open.").html }
    let rows = lines.prefix(150).map { line -> HTML in
      let age = Quantity.seconds(from: line.dueSince, to: now)
      return """
        <tr><th scope="row"><a href="/api/interface/jobs/\(line.jobID)?stage=\(url: line.stage)#tasks">#\(line.jobID) \(line.stage)</a>\
         <span class="meta">\(line.workflow)</span></th><td>\(line.handler)</td><td class="n">\(line.priority)</td>
        <td class="n">\(Quantity.text(line.queued))</td><td class="n">\(Quantity.text(line.retrying))</td>
        <td class="n">\(Quantity.text(line.running))</td><td class="n">\(age.map(Quantity.age) ?? "–")</td>
        <td class="wide">\(line.waitingReason?.text ?? "runs")</td></tr>

        """
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Table of stages that wait"><table>
      <thead><tr><th scope="col">Stage</th><th scope="col">Handler</th><th scope="col" class="n">Priority</th><th scope="col" class="n">Queued</th>\
      <th scope="col" class="n">Retrying</th><th scope="col" class="n">Running</th><th scope="col" class="n">Oldest waits</th>\
      <th scope="col" class="wide">Why it waits</th></tr></thead><tbody>\(rows)</tbody></table></div>
      \(lines.count > rows.count ? "<p class=\"meta\">and \(lines.count - rows.count) more</p>" as HTML : nil)
      """
  }

  private var limited: HTML {
    guard !limits.isEmpty else {
      return EmptyPart(icon: .circle, title: "There are no limits.", text: "Set one: <code>weir limits set NAME --concurrency 8</code>.")
        .html
    }
    let rows = limits.prefix(100).map { limit -> HTML in
      let most = limit.settings.concurrency
      let use = most.map { "\(Quantity.text(limit.inUse)) of \(Quantity.text($0))" } ?? "\(Quantity.text(limit.inUse)) in use"
      let bar = most.map { SegmentedBar($0 > 0 ? min(1, Double(limit.inUse) / Double($0)) : 1, words: use).html }
      return """
        <tr><th scope="row">\(limit.name)</th><td class="wide">\(bar) \(use)</td><td>\(limit.settings.rate.map { "\($0)" } ?? "–")</td>
        <td>\(limit.origin)</td><td>\(limit.handlers.map(\.name).joined(separator: ", "))</td></tr>

        """
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Table of limits"><table>
      <thead><tr><th scope="col">Limit</th><th scope="col" class="wide">At a time</th><th scope="col">Rate</th><th scope="col">Set by</th>\
      <th scope="col">Holds back</th></tr></thead><tbody>\(rows)</tbody></table></div>
      """
  }
}
