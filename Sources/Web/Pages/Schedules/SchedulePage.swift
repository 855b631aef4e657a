import Engine
import Workflow

/// A schedule in full: what comes, what was, and what is made up for.
struct SchedulePage: Sendable {
  var schedule: ScheduleView
  var preview: (skipped: [FireView], next: [FireView])
  var fires: Page<FireView>
  var backfills: [BackfillView]
  /// What a backfill would do, when that was asked.
  var rehearsal: Rehearsal?
  var now: String

  /// A backfill that was asked for, and what it would do.
  struct Rehearsal: Sendable {
    var from: String
    var to: String
    var reprocess: Reprocess
    var concurrency: Int
    var fires: [FireView]
  }

  static let listed = 50
  private var path: String { SchedulesPage.path(of: schedule.name) }

  func page(for visitor: Visitor, done: ScheduleActRoutes.Act?) -> HTML {
    let content: HTML = """
      <p class="crumbs"><a href="\(PageShell.Place.schedules.rawValue)">Schedules</a> / \(schedule.name)</p>
      \(done.map { "<p class=\"banner good\" role=\"status\">\(Icon.check.html)\($0.done)</p>" as HTML })
      \(head)
      \(visitor.mayOperate ? acts : nil)
      \(section("next", "The next times", next))\(section("fires", "What became of its times, the latest first", history))
      \(section("backfills", "Backfills", shownBackfills(visitor)))
      """
    return PageShell(title: "\(schedule.name), schedule", place: .schedules, visitor: visitor, events: nil, content: content).html
  }

  private func section(_ name: String, _ title: String, _ content: HTML) -> HTML {
    "<section class=\"card pad\" id=\"\(name)\" aria-labelledby=\"\(name)-title\"><h2 id=\"\(name)-title\">\(title)</h2>\(content)</section>\n"
  }

  private var head: HTML {
    let settings = schedule.settings
    func fact(_ name: String, _ value: HTML) -> HTML { "<div><dt>\(name)</dt><dd>\(value)</dd></div>\n" }
    let (missed, params) = ("\(settings.json["missed"]?.stringValue ?? "")", settings.params.serialized())
    return """
      <div class="card pad">
      <div class="line"><h1>\(schedule.name)</h1>\(SchedulesPage.state(schedule))</div>
      <dl class="facts">\(fact("Runs", "\(settings.workflow)"))\(fact("When", "<code>\(settings.cron.description)</code> in \(settings.zone)"))\
      \(fact("Next", SchedulesPage.next(schedule, now)))\(fact("While one runs", "\(settings.overlap.rawValue.replacing("_", with: " "))"))\
      \(fact("What was missed", "\(missed == "none" ? "is left out" : missed == "last" ? "runs once, the last" : "runs, all of it")"))\
      \(fact("Clock put forward", settings.gap == .skip ? "skipped" : "runs after"))\
      \(fact("Clock put back", settings.repeats == .both ? "runs twice" : "runs once"))\
      \(settings.jitter > .zero ? fact("Begins up to", "\(Quantity.duration(settings.jitter / .seconds(1))) later") : .nothing)\
      \(fact("Priority", "\(settings.priority)"))\(fact("Changed", "\(HTML.time(schedule.changedAt, now: now)) by \(schedule.changedBy)"))</dl>
      \(params == "{}" ? nil : "<pre>\(Redaction.byForm.text(String(params.prefix(2_000))))</pre>" as HTML)
      </div>
      """
  }

  private var acts: HTML {
    let isPaused = schedule.paused != nil
    let (act, icon): (ScheduleActRoutes.Act, Icon) = isPaused ? (.resume, .play) : (.pause, .pause)
    let fields: HTML =
      isPaused
      ? "<p>It fires again from now on; what the pause skipped stays skipped.</p>"
      : "<p>Nothing fires until it is resumed; what comes meanwhile is skipped.</p><label>Why, for those who wonder <input name=\"why\" maxlength=\"500\" autofocus></label>"
    return """
      <div class="acts" role="group" aria-label="What can be done to this schedule">
      <button class="button" type="button" data-dialog="dialog-turn">\(icon.html)\(isPaused ? "Resume" : "Pause")</button>
      <button class="button" type="button" data-dialog="dialog-backfill">\(Icon.again.html)Backfill</button></div>
      <dialog id="dialog-turn" aria-labelledby="title-turn"><form method="post" action="\(path)/\(act.rawValue)">
      <h2 id="title-turn">\(isPaused ? "Resume" : "Pause") \(schedule.name)?</h2>\(fields)\(Self.buttons(isPaused ? "Resume" : "Pause"))</form></dialog>
      <dialog id="dialog-backfill" aria-labelledby="title-backfill"><form method="get" action="\(path)#backfills">
      <h2 id="title-backfill">Run a stretch of its past</h2>
      <p>First it is shown which times that would be.</p>
      <label>From (UTC) <input name="from" type="datetime-local" required></label>
      <label>To (UTC) <input name="to" type="datetime-local" required></label>
      <label>What has had a job <select name="reprocess"><option value="none">is left out</option>\
      <option value="failed">runs again if it failed</option><option value="completed">runs again</option></select></label>
      <label>Jobs at a time <input name="concurrency" type="number" min="1" max="1000" value="1"></label>\(Self.buttons("Show the times"))</form></dialog>
      """
  }

  private static func buttons(_ words: String) -> HTML {
    """
    <div class="line"><span class="space"></span><button class="button" type="button" data-close>Leave it</button>
    <button class="button primary" type="submit">\(words)</button></div>
    """
  }

  private var next: HTML {
    let skipped: HTML? =
      preview.skipped.isEmpty
      ? nil
      : "<h3>Skipped by the pause so far</h3>\(table(preview.skipped, "Times that the pause skipped"))<h3>To come, once it is resumed</h3>"
    guard !preview.next.isEmpty else { return EmptyPart(icon: .circle, title: "It never fires again.", text: "").html }
    return "\(skipped)\(table(preview.next, "Table of the next times"))"
  }

  private func table(_ fires: [FireView], _ label: String) -> HTML {
    let rows = fires.map { fire -> HTML in
      """
      <tr><th scope="row">\(HTML.time(fire.at, now: now))</th><td class="t">\(fire.local.replacing("T", with: " "))</td>
      <td>\(Self.mark(fire.mark))</td></tr>

      """
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="\(label)"><table><thead><tr><th scope="col">UTC</th>\
      <th scope="col">The clock shows, \(schedule.settings.zone)</th><th scope="col">The clock changes</th></tr></thead><tbody>\(rows)</tbody></table></div>
      """
  }

  private static func mark(_ mark: String?) -> String {
    switch mark {
    case "moved": "its time is skipped: it fires after"
    case "first": "the first of two such times"
    case "second": "the second of two such times"
    default: ""
    }
  }

  private var history: HTML {
    guard !fires.elements.isEmpty else { return EmptyPart(icon: .clock, title: "No time has come yet.", text: "").html }
    return """
      \(list(fires.elements, "Table of times that came"))
      \(fires.next.map { "<p><a class=\"button\" href=\"\(path)?after=\($0)#fires\">Older</a></p>" as HTML })
      """
  }

  private func list(
    _ fires: [FireView], _ label: String, badge: (FireView) -> StateBadge = { StateBadge(fire: $0.outcome ?? "") }
  ) -> HTML {
    let rows = fires.map { fire -> HTML in
      """
      <tr><th scope="row">\(HTML.time(fire.at, now: now))</th><td class="t">\(fire.local.replacing("T", with: " "))</td>
      <td>\(badge(fire).html)\(fire.isLate ? " <span class=\"meta\">late</span>" as HTML : nil)</td>
      <td>\(fire.jobID.map { "<a href=\"/api/interface/jobs/\($0)\">job \($0)</a>" as HTML } ?? "–")</td><td class="wide">\(fire.why ?? "")</td></tr>

      """
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="\(label)"><table><thead><tr><th scope="col">UTC</th>\
      <th scope="col">The clock shows</th><th scope="col">Became</th><th scope="col">Job</th><th scope="col" class="wide">Why</th></tr></thead>
      <tbody>\(rows)</tbody></table></div>
      """
  }

  private func shownBackfills(_ visitor: Visitor) -> HTML {
    let offer: HTML? = rehearsal.map { offered($0, visitor) }
    guard !backfills.isEmpty else {
      return "\(offer)\(offer == nil ? EmptyPart(icon: .circle, title: "There was none.", text: "").html : nil)"
    }
    let rows = backfills.map { backfill -> HTML in
      let state = backfill.cancelledBy.map { "cancelled by \($0)" } ?? (backfill.finishedAt == nil ? "goes on" : "done")
      let stop: HTML? =
        backfill.finishedAt == nil && visitor.mayOperate
        ? "<form method=\"post\" action=\"\(path)/cancel-backfill\"><input type=\"hidden\" name=\"backfill\" value=\"\(backfill.id)\"><button class=\"button danger\" type=\"submit\">Stop<span class=\"unseen\"> backfill \(backfill.id)</span></button></form>"
        : nil
      return """
        <tr><th scope="row">\(backfill.id)</th><td class="t">\(HTML.time(backfill.from, now: now)) to \(HTML.time(backfill.to, now: now))</td>
        <td>\(state)</td><td class="n">\(backfill.submitted)</td><td class="n">\(backfill.running)</td><td class="n">\(backfill.skipped)</td>
        <td class="n">\(backfill.failed)</td><td>\(backfill.createdBy)</td><td>\(stop)</td></tr>

        """
    }
    return """
      \(offer)<div class="scroll" tabindex="0" role="region" aria-label="Table of backfills"><table><thead><tr><th scope="col">Backfill</th>\
      <th scope="col">Stretch</th><th scope="col">State</th><th scope="col" class="n">Submitted</th><th scope="col" class="n">Running</th>\
      <th scope="col" class="n">Left out</th><th scope="col" class="n">Failed</th><th scope="col">By</th><th scope="col">Act</th></tr></thead>
      <tbody>\(rows)</tbody></table></div>
      """
  }

  private func offered(_ rehearsal: Rehearsal, _ visitor: Visitor) -> HTML {
    let count = rehearsal.fires.count { $0.outcome == "submitted" }
    func hidden(_ name: String, _ value: String) -> HTML { "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\">" }
    let begin: HTML? =
      visitor.mayOperate && count > 0
      ? """
      <form method="post" action="\(path)/backfill" class="go">\(hidden("from", rehearsal.from))\(hidden("to", rehearsal.to))\
      \(hidden("reprocess", rehearsal.reprocess.rawValue))\(hidden("concurrency", "\(rehearsal.concurrency)"))
      <button class="button primary" type="submit">Run \(Quantity.text(count, "job"))</button> <a class="button" href="\(path)">Leave it</a></form>
      """ : nil
    let shown = Array(rehearsal.fires.prefix(200))
    let times = list(shown, "Times of the backfill") { StateBadge(wouldRun: $0.outcome == "submitted") }
    return """
      <div class="offer"><h3>This would run \(Quantity.text(count, "job")), and leave \(Quantity.text(rehearsal.fires.count - count)) out</h3>
      \(shown.isEmpty ? "<p>No time to fire lies in that stretch.</p>" : times)\
      \(rehearsal.fires.count > shown.count ? "<p class=\"meta\">and \(Quantity.text(rehearsal.fires.count - shown.count)) more</p>" as HTML : nil)\(begin)</div>
      """
  }
}
