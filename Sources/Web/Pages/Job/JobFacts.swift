import Engine
import Workflow

/// What went into a job and what came out of it.
struct JobFacts: Sendable {
  var job: JobView
  var now: String

  /// Letters of one document; the API has all of it.
  private static let most = 8_000

  var html: HTML {
    let results = job.stages.filter { $0.result != nil || !$0.totals.isEmpty || !$0.metrics.isEmpty }.prefix(20)
    return """
      <dl class="facts">
      <div><dt>Submitted</dt><dd>\(HTML.time(job.createdAt, now: now))</dd></div>
      \(job.notBefore.map { "<div><dt>Not before</dt><dd>\(HTML.time($0, now: now))</dd></div>" as HTML })
      \(job.deadlineAt.map { "<div><dt>Deadline</dt><dd>\(HTML.time($0, now: now))</dd></div>" as HTML })
      \(job.origin.map { "<div><dt>Rerun of</dt><dd><a href=\"/api/interface/jobs/\($0)\">job \($0)</a></dd></div>" as HTML })
      \(job.dedupKey.map { "<div><dt>Key</dt><dd>\($0)</dd></div>" as HTML })
      </dl>
      <details open><summary>Parameters</summary><pre tabindex="0">\(Self.text(job.params.parsed()))</pre></details>
      \(results.map(result))
      <p class="meta">All of it as JSON: <a href="/api/jobs/\(job.id)">the job</a>, <a href="/api/jobs/\(job.id)/failures">its failures</a>,
      <a href="/api/jobs/\(job.id)/logs">its log</a>.</p>
      """
  }

  private func result(_ stage: StageView) -> HTML {
    let numbers = (stage.totals.map { ($0.key, $0.value) } + stage.metrics.map { ($0.key, $0.value) }).sorted { $0.0 < $1.0 }
    return """
      <details><summary>Result of \(stage.id)</summary>
      \(numbers.isEmpty ? nil : "<dl class=\"facts\">\(numbers.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" as HTML })</dl>" as HTML)
      \(stage.result.map { "<pre tabindex=\"0\">\(Self.text($0.parsed()))</pre>" as HTML })
      </details>
      """
  }

  private static func text(_ json: JSON) -> String {
    let text = json.serialized()
    return text.count > most ? text.prefix(most) + " … (cut)" : text
  }
}
