import Engine
import Workflow

/// All jobs, also those that ended long ago, page by page; and how far their predictions could be trusted.
struct JobsPage: Sendable {
  var filter: Views.JobFilter
  var jobs: Page<JobView>
  var workflows: [String]
  var calibration: Calibration
  var now: String

  static let listed = 50
  private static let path = PageShell.Place.jobs.rawValue

  static let parameters: [Parameter] = [
    .query("workflow", .text(longest: 200), "Of this workflow only."),
    .query("state", .choice(JobState.allCases.map(\.rawValue)), "In this state only."),
    .query("label", .labels, "With all of these labels only."), .query("after", .cursor, "`next` of the page before."),
  ]

  static func filter(_ call: Call) -> Views.JobFilter {
    Views.JobFilter(
      workflow: call.text("workflow"), state: call.text("state").flatMap(JobState.init), labels: call.labels("label"),
      after: call.text("after").flatMap { Int64($0) }, limit: listed)
  }

  /// The parts by the name of their event.
  var parts: [(name: String, html: HTML)] { [("all-jobs", table), ("trust", trust)] }

  func page(for visitor: Visitor) -> HTML {
    func live(_ name: String, _ html: HTML) -> HTML { "<div sse-swap=\"\(name)\" hx-swap=\"morph:innerHTML\" id=\"\(name)\">\(html)</div>" }
    let content: HTML = """
      <div class="head"><h1>Jobs</h1></div>
      <section class="card pad" aria-label="Jobs">\(form)\(live("all-jobs", table))</section>
      <section class="card pad" aria-labelledby="calibration-title"><h2 id="calibration-title">How good predictions were</h2>\
      \(live("trust", trust))</section>
      """
    return PageShell(
      title: "Jobs", place: .jobs, visitor: visitor, events: "/api/interface/events/jobs\(query(after: filter.after.map { "\($0)" }))",
      content: content
    ).html
  }

  private var isFiltered: Bool { filter.workflow != nil || filter.state != nil || !filter.labels.isEmpty }

  private var form: HTML {
    func option(_ value: String, _ words: String, _ chosen: Bool) -> HTML {
      "<option value=\"\(value)\"\(chosen ? " selected" as HTML : .nothing)>\(words)</option>"
    }
    let known = workflows.contains(filter.workflow ?? "") ? workflows : workflows + [filter.workflow].compactMap(\.self)
    return """
      <form class="filters" method="get" action="\(Self.path)" role="search" aria-label="Which jobs">
      <label>State <select name="state">\(option("", "any", filter.state == nil))\
      \(JobState.allCases.map { option($0.rawValue, $0.rawValue.replacing("_", with: " "), filter.state == $0) })</select></label>
      <label>Workflow <select name="workflow">\(option("", "any", filter.workflow == nil))\
      \(known.map { option($0, $0, filter.workflow == $0) })</select></label>
      <label>Labels <input name="label" id="filter" value="\(filter.labels.joined(separator: ","))" maxlength="300"></label>
      <span class="go"><button class="button" type="submit">Filter</button>\
      \(isFiltered ? "<a class=\"button\" href=\"\(Self.path)\">Clear</a>" as HTML : nil)</span>
      </form>
      """
  }

  private var table: HTML {
    guard !jobs.elements.isEmpty else {
      return isFiltered || filter.after != nil
        ? EmptyPart(icon: .circle, title: "No job matches.", text: "<a class=\"button\" href=\"\(Self.path)\">Show all</a>").html
        : EmptyPart(icon: .check, title: "There has been no job yet.", text: "Submit one: <code>weir submit WORKFLOW</code>.").html
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Table of jobs"><table>
      <thead><tr><th scope="col">Job</th><th scope="col">State</th><th scope="col" class="wide">Tasks</th><th scope="col">Submitted</th>\
      <th scope="col">Ended</th><th scope="col" class="n">Took</th><th scope="col">Labels</th></tr></thead>
      <tbody>\(jobs.elements.map(row))</tbody></table></div>
      \(pager)
      """
  }

  private var pager: HTML? {
    guard jobs.next != nil || filter.after != nil else { return nil }
    let first: HTML =
      filter.after == nil ? "<span class=\"button off\">Newest</span>" : "<a class=\"button\" href=\"\(link(after: nil))\">Newest</a>"
    let next: HTML =
      jobs.next.map { "<a class=\"button\" href=\"\(link(after: $0))\">Older</a>" } ?? "<span class=\"button off\">Older</span>"
    return "<nav class=\"pager\" aria-label=\"Pages of jobs\">\(first)\(next)</nav>"
  }

  private func link(after: String?) -> HTML { "\(Self.path)\(query(after: after))" }

  /// With its question mark; empty when nothing is asked for.
  private func query(after: String?) -> String {
    let pairs = [
      ("workflow", filter.workflow), ("state", filter.state?.rawValue),
      ("label", filter.labels.isEmpty ? nil : filter.labels.joined(separator: ",")), ("after", after),
    ]
    let query = pairs.compactMap { name, value in value.map { "\(name)=\(HTML.encoded($0))" } }.joined(separator: "&")
    return query.isEmpty ? "" : "?\(query)"
  }

  private func row(_ job: JobView) -> HTML {
    let took = job.startedAt.flatMap { Quantity.seconds(from: $0, to: job.finishedAt ?? now) }
    let error = job.error.map { "<p class=\"trouble\">\(Redaction.byForm.text(String($0.prefix(160))))</p>" as HTML }
    return """
      <tr id="row-\(job.id)"><th scope="row"><a href="/api/interface/jobs/\(job.id)">#\(job.id)</a> \(job.workflow) <span class="meta">v\(job.workflowVersion)</span></th>
      <td>\(StateBadge(job.state, isCancelling: job.isCancelling).html)</td>
      <td class="wide">\(job.stages.isEmpty ? nil : SegmentedBar.legend(job.stages.dropFirst().reduce(job.stages[0].counts) { $0 + $1.counts }))\(error)</td>
      <td class="t">\(HTML.time(job.createdAt, now: now))</td><td class="t">\(job.finishedAt.map { HTML.time($0, now: now) } ?? "–")</td>
      <td class="n">\(took.map(job.finishedAt == nil ? Quantity.age : Quantity.duration) ?? "–")</td>
      <td>\(job.labels.map { "<a class=\"label\" href=\"\(Self.path)?label=\(url: $0)\">\($0)</a> " as HTML })</td></tr>

      """
  }

  private var trust: HTML {
    let whose = filter.workflow.map { "of \($0)" } ?? "of every workflow"
    guard let share = calibration.share else {
      return EmptyPart(
        icon: .clock, title: "Nothing was predicted yet.",
        text: "What is told of remaining time is kept, and compared with the truth when the job has ended."
      ).html
    }
    let words = "\(Quantity.percent(share)) of \(Quantity.text(calibration.predictions, "prediction"))"
    return """
      <p>Of the last hundred jobs \(whose) that completed, \(words) told a span of time in which the job did end.</p>
      \(SegmentedBar(share, words: words).html)
      <dl class="facts"><div><dt>Within the span</dt><dd>\(Quantity.text(calibration.within))</dd></div>
      <div><dt>Ended later than told</dt><dd>\(Quantity.text(calibration.tooEarly))</dd></div>
      <div><dt>Ended sooner than told</dt><dd>\(Quantity.text(calibration.tooLate))</dd></div></dl>
      """
  }
}
