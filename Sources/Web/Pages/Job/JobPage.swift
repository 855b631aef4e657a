import Engine
import Workflow

/// A job in full, in parts that are renewed while one looks.
struct JobPage: Sendable {
  private let sight: JobSight

  init(_ sight: JobSight) { self.sight = sight }

  var card: JobCard { sight.card }
  var now: String { sight.now }

  /// Causes of failures at most.
  static let causes = 8
  /// Points of a chart, roughly.
  static let points = 100

  /// The parts by the name of their event.
  var parts: [(name: String, html: HTML)] {
    [
      ("head", head), ("acts", JobActs(job: card).buttons), ("graph", StageGraph(stages: card.stages, needs: sight.needs).html),
      ("timeline", Timeline(card: card, now: now).html), ("stages", StageTable(stages: card.stages, now: now).html),
      ("failures", shownFailures), ("log", LogLines(lines: sight.lines, now: now).html), ("charts", charts),
    ]
  }

  /// - Parameters:
  ///   - done: what was just done to it.
  ///   - job: what does not change while one looks.
  func page(for visitor: Visitor, job: JobView, tasks: HTML, done: JobActs.Act?) -> HTML {
    let parts = Dictionary(uniqueKeysWithValues: parts.map { ($0.name, $0.html) })
    func live(_ name: String) -> HTML { "<div sse-swap=\"\(name)\" hx-swap=\"morph:innerHTML\" id=\"\(name)\">\(parts[name])</div>" }
    func section(_ name: String, _ title: String) -> HTML {
      "<section class=\"card pad\" aria-labelledby=\"\(name)-title\"><h2 id=\"\(name)-title\">\(title)</h2>\(live(name))</section>\n"
    }
    let acts: HTML = visitor.mayOperate ? "\(live("acts"))\(JobActs(job: card).dialogs)" : .nothing
    let content: HTML = """
      <p class="crumbs"><a href="/api/interface/metrics">Overview</a> / job \(card.id)</p>
      \(done.map { "<p class=\"banner good\" role=\"status\">\(Icon.check.html)\($0.done)</p>" as HTML })
      \(live("head"))
      \(acts)
      \(section("graph", "Stages and what they need"))\(section("stages", "Stages in numbers"))\(section("timeline", "Timeline"))
      \(tasks)
      \(section("failures", "Failures by cause"))\(section("charts", "Over time"))\(section("log", "Log"))
      <section class="card pad" aria-labelledby="given-title"><h2 id="given-title">Input and result</h2>\(JobFacts(job: job, now: now).html)</section>
      """
    return PageShell(
      title: "Job \(card.id), \(card.workflow)", place: nil, visitor: visitor, events: "/api/interface/jobs/\(card.id)/events",
      content: content
    ).html
  }

  private var head: HTML {
    let domain = card.domain.prefix(12).map { DomainPart(figure: $0).html }
    return """
      <div class="card pad">
      <div class="line"><h1><span class="number">#\(card.id)</span> \(card.workflow)</h1><span class="meta">v\(card.version)</span>\
      \(StateBadge(card.state, isCancelling: card.isCancelling).html)\
      \(card.labels.map { "<a class=\"label\" href=\"/api/interface/metrics?label=\(url: $0)\">\($0)</a>" as HTML })\
      <span class="space"></span><span class="meta">priority \(card.priority)</span></div>
      \(SegmentedBar(card).html)
      <div class="line figures"><strong class="percent">\(Quantity.percent(card.progress))</strong>
      <span>\(time)</span>\(rate)\(eta)</div>
      \(SegmentedBar.legend(card.counts))
      \(domain.isEmpty ? nil : "<ul class=\"domain\">\(domain)</ul>" as HTML)\(trouble)
      </div>
      """
  }

  private var time: HTML {
    guard let started = card.startedAt else { return "submitted \(HTML.time(card.createdAt, now: now))" }
    let took =
      Quantity.seconds(from: started, to: card.finishedAt ?? now)
      .map(card.finishedAt == nil ? Quantity.age : Quantity.duration) ?? "–"
    return card.finishedAt.map { "ended \(HTML.time($0, now: now)) after \(took)" } ?? "since \(HTML.time(started, now: now)), for \(took)"
  }

  private var rate: HTML? {
    guard !card.state.isFinal, let rate = card.rate else { return nil }
    return """
      <span class="rate">\(Quantity.rate(rate)) \(Sparkline(values: card.sparkline, words: "Tasks a second lately").html)</span>
      """
  }

  private var eta: HTML? {
    switch card.eta {
    case .band: "<span class=\"eta\">\(card.eta.text) left</span>"
    case .unknown: "<span class=\"eta meta\">time left unknown</span>"
    case .waiting, .over: nil
    }
  }

  private var trouble: HTML? {
    if let error = card.error { return "<p class=\"trouble\">\(Icon.cross.html)\(Redaction.byForm.text(String(error.prefix(1_000))))</p>" }
    guard !card.state.isFinal, let reason = card.waitingReason else { return nil }
    return WaitPart(reason: reason).html
  }

  private var shownFailures: HTML {
    guard !sight.failures.isEmpty else { return EmptyPart(icon: .check, title: "Nothing has failed.", text: "").html }
    return "<ol class=\"plain\">\(sight.failures.map { FailurePart(group: $0, now: now).html })</ol>"
  }

  private var charts: HTML {
    let points = sight.points
    guard points.count > 1 else {
      return EmptyPart(icon: .clock, title: "No samples yet.", text: "The leading host takes one every few seconds while the job runs.")
        .html
    }
    let ended = points.map { ($0.at, Double($0.counts.completed + $0.counts.failed + $0.counts.cancelled)) }
    let rates = points.compactMap { point in point.rate.map { (point.at, $0) } }
    let figures = card.domain.prefix(4).map { figure in
      LineChart(title: figure.label, points: points.map { ($0.at, $0.domain[figure.name] ?? 0) }, unit: figure.unit).html
    }
    return """
      <div class="charts">\(LineChart(title: "Tasks that ended a second", points: rates).html)\
      \(LineChart(title: "Tasks that have ended", points: ended).html)\(figures)</div>
      """
  }
}
