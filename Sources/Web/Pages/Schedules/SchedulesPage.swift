import Engine
import Workflow

/// What starts by the clock, and when next.
struct SchedulesPage: Sendable {
  var schedules: [ScheduleView]
  var now: String

  func page(for visitor: Visitor) -> HTML {
    let content: HTML = """
      <div class="head"><h1>Schedules</h1></div>
      <section class="card pad" aria-label="Schedules"><div sse-swap="schedules" hx-swap="morph:innerHTML" id="schedules">\(table)</div></section>
      """
    return PageShell(
      title: "Schedules", place: .schedules, visitor: visitor, events: "/api/interface/events/schedules", content: content
    ).html
  }

  var table: HTML {
    guard !schedules.isEmpty else {
      return EmptyPart(
        icon: .clock, title: "Nothing starts by the clock.",
        text: "Make a schedule: <code>weir schedules set NAME WORKFLOW --cron \"0 2 * * *\"</code>."
      ).html
    }
    let rows = schedules.map { schedule -> HTML in
      let settings = schedule.settings
      return """
        <tr id="schedule-\(schedule.name)"><th scope="row"><a href="\(Self.path(of: schedule.name))">\(schedule.name)</a></th>
        <td>\(Self.state(schedule))</td><td>\(settings.workflow)</td>
        <td class="t"><code>\(settings.cron.description)</code> <span class="meta">\(settings.zone)</span></td>
        <td class="t">\(Self.next(schedule, now))</td><td>\(settings.overlap.rawValue.replacing("_", with: " "))</td></tr>

        """
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Table of schedules"><table>
      <thead><tr><th scope="col">Schedule</th><th scope="col">State</th><th scope="col">Workflow</th><th scope="col">When</th>\
      <th scope="col">Next</th><th scope="col">While one runs</th></tr></thead><tbody>\(rows)</tbody></table></div>
      """
  }

  static func path(of name: String) -> String { "\(PageShell.Place.schedules.rawValue)/\(HTML.encoded(name))" }

  static func state(_ schedule: ScheduleView) -> HTML {
    guard let paused = schedule.paused else { return StateBadge.waits.html }
    return """
      \(StateBadge(JobState.paused).html) <span class="meta">by \(paused.by)\(paused.why.map { ": \($0)" } ?? "")</span>
      """
  }

  /// `in 3 h 5 min`, with the time.
  static func next(_ schedule: ScheduleView, _ now: String) -> HTML {
    guard schedule.paused == nil, let next = schedule.nextAt else { return "–" }
    let left = Quantity.seconds(from: now, to: next) ?? 0
    return "\(HTML.time(next, now: now)) <span class=\"meta\">\(left > 0 ? "in \(Quantity.age(left))" : "due")</span>"
  }
}
