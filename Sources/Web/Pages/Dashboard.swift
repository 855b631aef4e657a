import Engine
import Workflow

/// Everything at a glance, in parts that are renewed while one looks.
struct Dashboard: Sendable {
  var overview: Overview
  var filter: DashboardFilter
  /// How often the leader samples.
  var interval: Duration

  /// The parts by the name of their event.
  var parts: [(name: String, html: HTML)] {
    [("stale", stale), ("tiles", tiles), ("jobs", jobs), ("attention", attention), ("failures", failures)]
  }

  func page(for visitor: Visitor, workflows: [String]) -> HTML {
    let parts = Dictionary(uniqueKeysWithValues: parts.map { ($0.name, $0.html) })
    func live(_ name: String) -> HTML { "<div sse-swap=\"\(name)\" hx-swap=\"morph:innerHTML\" id=\"\(name)\">\(parts[name])</div>" }
    let content: HTML = """
      <div class="head"><h1>Overview</h1></div>
      \(live("stale"))
      \(live("tiles"))
      <div class="columns">
      <section aria-labelledby="jobs-title">
      <div class="head"><h2 id="jobs-title">Jobs</h2><span class="space"></span><a href="\(PageShell.Place.jobs.rawValue)">All jobs, older ones too</a></div>
      \(form(workflows))
      \(live("jobs"))
      </section>
      <aside aria-label="Trouble">
      <section class="card side" aria-labelledby="attention-title"><h2 id="attention-title">Needs attention</h2>\(live("attention"))</section>
      <section class="card side" aria-labelledby="failures-title"><h2 id="failures-title">Top failures of the last day</h2>\
      \(live("failures"))</section>
      </aside>
      </div>
      """
    return PageShell(
      title: "Overview", place: .overview, visitor: visitor,
      events: "/api/interface/metrics/events\(filter.query.isEmpty ? "" : "?\(filter.query)")", content: content
    ).html
  }

  private func form(_ workflows: [String]) -> HTML {
    func option(_ value: String, _ words: String, _ chosen: Bool) -> HTML {
      "<option value=\"\(value)\"\(chosen ? " selected" as HTML : .nothing)>\(words)</option>"
    }
    let known = workflows.contains(filter.workflow ?? "") ? workflows : workflows + [filter.workflow].compactMap(\.self)
    return """
      <form class="filters" method="get" action="/api/interface/metrics" role="search" aria-label="Which jobs">
      <label>Text <input name="text" type="search" id="filter" value="\(filter.text ?? "")" maxlength="100"></label>
      <label>State <select name="state">\(option("", "any", filter.state == nil))\
      \(JobState.allCases.map { option($0.rawValue, $0.rawValue.replacing("_", with: " "), filter.state == $0) })</select></label>
      <label>Workflow <select name="workflow">\(option("", "any", filter.workflow == nil))\
      \(known.map { option($0, $0, filter.workflow == $0) })</select></label>
      <label>Labels <input name="label" value="\(filter.labels.joined(separator: ","))" maxlength="300"></label>
      <span class="go"><button class="button" type="submit">Filter</button>\
      \(filter.isEmpty ? nil : "<a class=\"button\" href=\"/api/interface/metrics\">Clear</a>" as HTML)</span>
      </form>
      """
  }

  private var stale: HTML {
    guard let sampled = overview.sampledAt else {
      return "<p class=\"banner\">\(Icon.warning.html)Nothing is sampled yet: rates and remaining times are not known.</p>"
    }
    let age = Quantity.seconds(from: sampled, to: overview.now) ?? 0
    guard age > 4 * (interval / .seconds(1)) else { return .nothing }
    return """
      <p class="banner">\(Icon.warning.html)The last sample is of \(HTML.time(sampled, now: overview.now)), \
      \(Quantity.age(age)) ago. Counts are as of now; rates and remaining times are as of then. Does a host run?</p>
      """
  }

  private var tiles: HTML {
    let tiles = overview.tiles
    func tile(_ name: String, _ value: String, _ more: String, _ look: String = "", _ drawing: HTML = .nothing) -> HTML {
      "<div class=\"card tile \(look)\"><dt>\(name)</dt><dd>\(value) <small>\(more)</small></dd>\(drawing)</div>\n"
    }
    let line = Sparkline(values: overview.throughput, words: "Tasks a second over the last \(overview.throughput.count) samples").html
    return """
      <dl class="tiles">
      \(tile("Jobs running", Quantity.text(tiles.runningJobs), "\(Quantity.text(tiles.queuedJobs)) queued, \(Quantity.text(tiles.pausedJobs)) paused"))\
      \(tile("Tasks running", Quantity.text(tiles.runningTasks), "on \(Quantity.text(tiles.slots, "runner"))"))\
      \(tile("Tasks waiting", Quantity.text(tiles.queuedTasks), "\(Quantity.text(tiles.retryingTasks)) to be retried"))\
      \(tile("Throughput", Quantity.decimal(tiles.tasksPerSecond), "tasks/s", "", line.text.isEmpty ? .nothing : "<dd class=\"drawing\">\(line)</dd>"))\
      \(tile("Tasks failed", Quantity.text(tiles.failedTasks), "last hour", tiles.failedTasks > 0 ? "bad" : ""))\
      \(tile("Hosts", Quantity.text(tiles.hosts), tiles.hosts == 0 ? "nothing can run" : "alive", tiles.hosts == 0 ? "bad" : ""))
      </dl>
      """
  }

  private var jobs: HTML {
    let matching = overview.jobs.filter(filter.matches)
    guard !matching.isEmpty else { return nothingToShow }
    let cards = matching.prefix(DashboardFilter.cards).map { JobCardPart(card: $0, now: overview.now).html }
    let isCut = overview.isCut || matching.count > cards.count
    return """
      <ul class="jobs">
      \(cards)</ul>
      \(isCut ? "<p class=\"meta\">There are more. Filter them, or look at <a href=\"\(PageShell.Place.jobs.rawValue)\">all jobs</a>.</p>" as HTML : nil)
      """
  }

  private var nothingToShow: HTML {
    filter.isEmpty
      ? EmptyPart(
        icon: .check, title: "No job runs, and none ended within the last hour.",
        text: "Submit one: <code>weir submit WORKFLOW</code>, or POST its parameters to <code>/api/jobs/submit/WORKFLOW</code>."
      ).html
      : EmptyPart(
        icon: .circle, title: "No job matches the filter.", text: "<a class=\"button\" href=\"/api/interface/metrics\">Clear the filter</a>"
      ).html
  }

  private var attention: HTML {
    guard !overview.attention.isEmpty else {
      return EmptyPart(icon: .check, title: "All clear", text: "No job is stuck, no host was lost.").html
    }
    let entries = overview.attention.prefix(12).map { attention -> HTML in
      let text = Redaction.byForm.text(attention.text)
      let subject: HTML = attention.job.map { "<a href=\"/api/interface/jobs/\($0)\">\(text)</a>" } ?? "\(text)"
      return """
        <li><p><strong>\(Icon.warning.html)\(attention.kind.title)</strong>\
        \(attention.since.map { " <span class=\"meta\">since \(HTML.time($0, now: overview.now))</span>" as HTML })</p>
        <p>\(subject)</p><p class="meta">\(attention.hint)</p></li>
        """
    }
    let more = overview.attention.count - entries.count
    return "<ul class=\"plain\">\(entries)</ul>\(more > 0 ? "<p class=\"meta\">and \(more) more</p>" as HTML : nil)"
  }

  private var failures: HTML {
    guard !overview.failures.isEmpty else { return EmptyPart(icon: .check, title: "Nothing failed", text: "in the last 24 hours.").html }
    return "<ol class=\"plain\">\(overview.failures.map { FailurePart(group: $0, now: overview.now).html })</ol>"
  }
}
