import Engine
import Workflow

/// One task in full: what it is, each of its attempts, what it logged.
struct TaskDetail: Sendable {
  var task: TaskView
  var attempts: [AttemptView]
  var lines: [LogView]

  func html(now: String) -> HTML {
    """
    <article class="detail" aria-labelledby="task-title">
    <div class="head"><h3 id="task-title">Task \(task.id)</h3>\(StateBadge(task.state).html)</div>
    \(task.waitingReason.map { WaitPart(reason: $0).html })
    \(task.result.map { document("Result", $0.parsed()) })
    <h4>Attempts</h4>
    \(attempts.isEmpty ? "<p>\(task.state == .running ? "The first runs since \(task.startedAt ?? "now")." : "None has ended yet.")</p>" as HTML : table(now))
    <h4>Log</h4>
    \(LogLines(lines: lines, now: now, showsTask: false).html)
    </article>
    """
  }

  private func table(_ now: String) -> HTML {
    let rows = attempts.map { attempt -> HTML in
      """
      <tr><th scope="row">\(attempt.number)</th><td>\(StateBadge(outcome: attempt.outcome).html)</td><td>\(attempt.host ?? "–")</td>
      <td>\(HTML.time(attempt.startedAt, now: now))</td>
      <td class="n">\(attempt.wallMicroseconds.map { Quantity.duration(Double($0) / 1e6) } ?? "–")</td>
      <td class="n">\(attempt.cpuMicroseconds.map { Quantity.duration(Double($0) / 1e6) } ?? "–")</td>
      <td class="n">\(attempt.peakRSSKiB.map { Quantity.bytes(Double($0) * 1024) } ?? "–")</td>
      <td class="wide">\(Redaction.byForm.text(String((attempt.message ?? "").prefix(500))))\
      \(attempt.details.map { document("Details", Redaction.byForm.json($0.parsed())) })</td></tr>

      """
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Attempts"><table><thead><tr><th scope="col">No.</th><th scope="col">Ended</th>\
      <th scope="col">Host</th><th scope="col">Begun</th><th scope="col" class="n">Took</th><th scope="col" class="n">CPU</th>\
      <th scope="col" class="n">Memory</th><th scope="col" class="wide">Message</th></tr></thead><tbody>\(rows)</tbody></table></div>
      """
  }

  private func document(_ name: String, _ json: JSON) -> HTML {
    "<details><summary>\(name)</summary><pre tabindex=\"0\">\(String(json.serialized().prefix(4_000)))</pre></details>"
  }
}
