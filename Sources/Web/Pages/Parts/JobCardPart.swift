import Engine
import Workflow

/// A job as a card of the overview.
struct JobCardPart: Sendable {
  var card: JobCard
  var now: String

  var html: HTML {
    """
    <li class="card job" id="job-\(card.id)">
    <div class="line"><h3><a href="/api/interface/jobs/\(card.id)"><span class="number">#\(card.id)</span> \(card.workflow)</a></h3>\
    <span class="meta">v\(card.version)</span>\(StateBadge(card.state, isCancelling: card.isCancelling).html)\(labels)\
    <span class="space"></span><span class="meta">\(times)</span></div>
    \(SegmentedBar(card).html)
    <div class="line figures"><strong class="percent">\(Quantity.percent(card.progress))</strong>\
    <span>\(tasks)</span>\(stage)\(rate)\(eta)</div>
    \(SegmentedBar.legend(card.counts))\(domain)\(trouble)
    </li>

    """
  }

  private var labels: [HTML] {
    card.labels.prefix(6).map { "<a class=\"label\" href=\"/api/interface/metrics?label=\(url: $0)\">\($0)</a>" }
  }

  private var times: HTML {
    if let finished = card.finishedAt {
      let took = Quantity.seconds(from: card.startedAt ?? card.createdAt, to: finished).map(Quantity.duration) ?? ""
      return "ended \(HTML.time(finished, now: now)) after \(took)"
    }
    guard let started = card.startedAt else { return "submitted \(HTML.time(card.createdAt, now: now))" }
    return "for \(Quantity.seconds(from: started, to: now).map(Quantity.age) ?? "–")"
  }

  private var tasks: String {
    "\(Quantity.text(card.counts.completed + card.counts.failed + card.counts.cancelled)) of \(Quantity.text(card.counts.total, "task"))"
  }

  /// Which stages run, of how many.
  private var stage: HTML? {
    let running = card.stages.filter { $0.state == .running || $0.state == .paused }.map(\.id)
    guard !running.isEmpty else { return nil }
    let ended = card.stages.filter(\.state.isFinal).count
    return
      "<span>\(running.prefix(3).joined(separator: ", ")) <span class=\"meta\">(\(ended) of \(card.stages.count) stages ended)</span></span>"
  }

  private var rate: HTML? {
    guard !card.state.isFinal, let rate = card.rate else { return nil }
    let words = "Tasks a second over the last \(card.sparkline.count) samples, now \(Quantity.decimal(rate))"
    return "<span class=\"rate\">\(Quantity.rate(rate)) \(Sparkline(values: card.sparkline, words: words).html)</span>"
  }

  private var eta: HTML? {
    switch card.eta {
    case .over: nil
    case .waiting: nil  // said below, in full
    case .unknown: "<span class=\"eta meta\">time left unknown</span>"
    case .band: "<span class=\"eta\">\(card.eta.text) left</span>"
    }
  }

  private var domain: HTML? {
    let figures = card.domain.prefix(6).map { DomainPart(figure: $0).html }
    return figures.isEmpty ? nil : "<ul class=\"domain\">\(figures)</ul>"
  }

  private var trouble: HTML? {
    if let error = card.error { return "<p class=\"trouble\">\(Icon.cross.html)\(Redaction.byForm.text(String(error.prefix(300))))</p>" }
    guard !card.state.isFinal, let reason = card.waitingReason else { return nil }
    return WaitPart(reason: reason).html
  }
}
