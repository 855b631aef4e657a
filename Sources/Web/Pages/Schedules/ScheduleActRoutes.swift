import Engine
import Workflow

/// What forms of a schedule's page do.
struct ScheduleActRoutes: Sendable {
  enum Act: String, Sendable, CaseIterable {
    case pause, resume, backfill
    case cancelBackfill = "cancel-backfill"

    /// What is said once it was done.
    var done: String {
      switch self {
      case .pause: "Paused: nothing fires until it is resumed."
      case .resume: "Resumed."
      case .backfill: "The backfill has begun: the leading host submits its jobs, the oldest time first."
      case .cancelBackfill: "The backfill submits nothing more; what runs goes on."
      }
    }
  }

  let schedules: Schedules
  let onChange: @Sendable () -> Void

  static let name = Parameter.path("name", .text(longest: 100), "The schedule's name.")

  var routes: [Route] {
    Act.allCases.map { act in
      Route.form(
        "/api/interface/schedules/{name}/\(act.rawValue)", id: "form-schedule-\(act.rawValue)", parameters: [Self.name], onChange: onChange
      ) { call, form in
        let name = call.path("name")
        switch act {
        case .pause: _ = try schedules.pause(name, why: try form.text("why", .text(longest: 500)), by: call.actor)
        case .resume: _ = try schedules.resume(name, by: call.actor)
        case .backfill: _ = try schedules.backfill(name, try Self.request(form), by: call.actor)
        case .cancelBackfill: _ = try schedules.cancelBackfill(try form.text("backfill", .id).flatMap { Int64($0) } ?? 0, by: call.actor)
        }
        return "\(SchedulesPage.path(of: name))?done=\(act.rawValue)"
      }
    }
  }

  private static func request(_ form: Form) throws -> Schedules.BackfillRequest {
    guard
      let request = request(
        from: form["from"], to: form["to"], reprocess: form["reprocess"],
        concurrency: try form.text("concurrency", .integer(1...1_000)).flatMap { Int($0) })
    else {
      throw Problem(.invalidParameters, "the form names no stretch of time", hint: "Go back, and give two times, the earlier one first.")
    }
    return request
  }

  /// Times are as a browser's field gives them, `2026-11-23T02:00`, in UTC, or as RFC 3339 has them. Nil when they say no stretch.
  static func request(from: String?, to: String?, reprocess: String?, concurrency: Int?) -> Schedules.BackfillRequest? {
    func seconds(_ text: String?) -> Double? { text.flatMap { RFC3339.seconds(of: $0) ?? RFC3339.seconds(of: "\($0):00Z") } }
    guard let from = seconds(from), let to = seconds(to), from <= to else { return nil }
    return Schedules.BackfillRequest(
      range: Int64(from.rounded(.up))...max(Int64(from.rounded(.up)), Int64(to)),
      reprocess: reprocess.flatMap { Reprocess(rawValue: $0) } ?? .none, concurrency: concurrency ?? 1)
  }
}
