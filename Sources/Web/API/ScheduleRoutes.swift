import Engine
import HTTPTypes
import Workflow

/// Workflows that start by the clock.
struct ScheduleRoutes: Sendable {
  let schedules: Schedules

  private static let name = Parameter.path("name", .text(longest: 100), "The schedule's name.")
  private static let count = Parameter.query("count", .integer(1...400, fallback: 20), "How many times to fire.")

  var routes: [Route] { [list, show, put, remove, pause, resume, fires, preview, previewSettings, backfills, backfill, cancelBackfill] }

  private var list: Route {
    .get("/api/schedules", id: "listSchedules", "All schedules, by name.", schema: "ScheduleList") { _ in
      .json(["schedules": .array(try schedules.list().map(\.json))])
    }
  }

  private var show: Route {
    .get(
      "/api/schedules/{name}", id: "showSchedule", "One schedule; its ETag goes into If-Match of a change.", parameters: [Self.name],
      schema: "Schedule", problems: [.noSchedule]
    ) { call in Self.answer(try schedules.schedule(call.path("name"))) }
  }

  private static func answer(_ schedule: ScheduleView) -> Answer {
    .json(schedule.json, headers: [.eTag: "\"\(schedule.generation)\""])
  }

  private var put: Route {
    Route(
      .put, "/api/schedules/{name}", id: "setSchedule",
      "Make a schedule, or change the one of this name. With If-Match only if nobody changed it since.", access: .operator,
      parameters: [Self.name], body: "What runs, and when.", bodySchema: "ScheduleSettings",
      successes: [.init(status: 200, summary: "The schedule.", schema: "Schedule")],
      problems: [.notJSON, .invalidSchedule, .noWorkflow, .noHandler, .invalidParameters, .hasChanged],
      .blocking { call in
        let name = call.path("name")
        let settings = try Self.settings(call, name)
        let seen = call.head.headerFields[.ifMatch].flatMap { Int($0.filter { $0 != "\"" }) }
        if seen == nil, let tag = call.head.headerFields[.ifMatch], tag != "*" {
          throw EngineError(.scheduleHasChanged(generation: try schedules.schedule(name).generation), subject: name)
        }
        return Self.answer(try schedules.put(name, settings, generation: seen, by: call.actor))
      })
  }

  private static func settings(_ call: Call, _ subject: String) throws -> ScheduleSettings {
    let body: JSON
    do throws(JSONSyntaxError) {
      body = try JSON(parsing: call.body, limits: .storable)
    } catch {
      throw EngineError(.paramsNotJSON(error), subject: subject)
    }
    do throws(ScheduleSettings.Fault) { return try ScheduleSettings(body) } catch {
      throw EngineError(.invalidSchedule(error.message), subject: subject)
    }
  }

  private var remove: Route {
    Route(
      .delete, "/api/schedules/{name}", id: "removeSchedule", "Remove a schedule with its history; its jobs stay.", access: .operator,
      parameters: [Self.name], successes: [.init(status: 200, summary: "What is left.", schema: "ScheduleList")],
      problems: [.noSchedule, .scheduleOfDataset],
      .blocking { call in
        try schedules.remove(call.path("name"), by: call.actor)
        return .json(["schedules": .array(try schedules.list().map(\.json))])
      })
  }

  private var pause: Route {
    let why = Parameter.query("why", .text(longest: 500), "For those who find it paused.")
    return change("pause", "pauseSchedule", "Fire nothing until it is resumed.", [Self.name, why]) { call in
      try schedules.pause(call.path("name"), why: call.text("why"), by: call.actor)
    }
  }

  private var resume: Route {
    change("resume", "resumeSchedule", "Fire again; what the pause skipped stays skipped.", [Self.name]) { call in
      try schedules.resume(call.path("name"), by: call.actor)
    }
  }

  private func change(
    _ verb: String, _ id: String, _ summary: String, _ parameters: [Parameter], _ act: @escaping @Sendable (Call) throws -> ScheduleView
  ) -> Route {
    Route(
      .post, "/api/schedules/{name}/\(verb)", id: id, summary, access: .operator, parameters: parameters,
      successes: [.init(status: 200, summary: "The schedule.", schema: "Schedule")], problems: [.noSchedule],
      .blocking { call in Self.answer(try act(call)) })
  }

  private var fires: Route {
    .get(
      "/api/schedules/{name}/fires", id: "listFires", "What became of its times to fire, the latest first.",
      parameters: [
        Self.name, .query("limit", .integer(1...500, fallback: 50), "How many."), .query("after", .cursor, "`next` of the page before."),
      ],
      schema: "FirePage", problems: [.noSchedule]
    ) { call in
      let page = try schedules.fires(
        call.path("name"), before: call.text("after").flatMap { Int64($0) }, limit: call.integer("limit") ?? 50)
      return .page("fires", page.elements.map(\.json), next: page.next)
    }
  }

  private var preview: Route {
    .get(
      "/api/schedules/{name}/preview", id: "previewSchedule",
      "The next times to fire, with marks where the clock changes; of a paused one also what the pause has skipped.",
      parameters: [Self.name, Self.count], schema: "Preview", problems: [.noSchedule]
    ) { call in
      let preview = try schedules.preview(call.path("name"), count: call.limit(Self.count))
      return .json(["skipped": .array(preview.skipped.map(\.json)), "next": .array(preview.next.map(\.json))])
    }
  }

  private var backfills: Route {
    .get(
      "/api/schedules/{name}/backfills", id: "listBackfills", "Its backfills, the latest first.", parameters: [Self.name],
      schema: "BackfillList", problems: [.noSchedule]
    ) { call in .json(["backfills": .array(try schedules.backfills(call.path("name")).map(\.json))]) }
  }

  private var backfill: Route {
    Route(
      .post, "/api/schedules/{name}/backfills", id: "beginBackfill",
      "Run a stretch of its past; with `dry_run` only say what would run. What the schedule itself does goes on beside it.",
      access: .operator,
      parameters: [
        Self.name, .query("from", .time, "The first time that counts; required."), .query("to", .time, "The last; required."),
        .query(
          "reprocess", .choice(Reprocess.allCases.map(\.rawValue)),
          "What had a job already: `none` of it, `failed` ones, or `completed` too."),
        .query("concurrency", .integer(1...1_000, fallback: 1), "How many of its jobs run at a time."),
        .query("dry_run", .choice(["true", "false"]), "Only say what would run."),
      ],
      successes: [
        .init(status: 201, summary: "The backfill.", schema: "Backfill"),
        .init(status: 200, summary: "What would run.", schema: "FireList"),
      ],
      problems: [.noSchedule, .scheduleOfDataset, .invalidSchedule, .invalidQuery],
      .blocking { call in
        let request = try Self.request(call)
        if call.text("dry_run") == "true" {
          return .json(["fires": .array(try schedules.rehearse(request, of: call.path("name")).map(\.json))])
        }
        return .json(try schedules.backfill(call.path("name"), request, by: call.actor).json, status: 201)
      })
  }

  private static func request(_ call: Call) throws -> Schedules.BackfillRequest {
    guard let from = call.text("from").flatMap(RFC3339.seconds), let to = call.text("to").flatMap(RFC3339.seconds), from <= to else {
      throw Problem(.invalidQuery, "from and to are needed, and from is the earlier one", hint: "Write times such as 2026-11-01T00:00:00Z.")
    }
    return Schedules.BackfillRequest(
      range: Int64(from.rounded(.up))...max(Int64(from.rounded(.up)), Int64(to)),
      reprocess: call.text("reprocess").flatMap { Reprocess(rawValue: $0) } ?? .none, concurrency: call.integer("concurrency") ?? 1)
  }

  private var cancelBackfill: Route {
    Route(
      .post, "/api/backfills/{id}/cancel", id: "cancelBackfill", "Submit nothing more of a backfill; what runs goes on.", access: .operator,
      parameters: [.path("id", .id, "The backfill.")], successes: [.init(status: 200, summary: "The backfill.", schema: "Backfill")],
      problems: [.noBackfill], .blocking { call in .json(try schedules.cancelBackfill(call.job, by: call.actor).json) })
  }

  private var previewSettings: Route {
    Route(
      .post, "/api/schedules/preview", id: "previewSettings", "When a schedule would fire that is not kept.", access: .operator,
      parameters: [Self.count],
      body: "What runs, and when.", bodySchema: "ScheduleSettings",
      successes: [.init(status: 200, summary: "The next times to fire.", schema: "Preview")], problems: [.notJSON, .invalidSchedule],
      .blocking { call in
        let settings = try Self.settings(call, "preview")
        return .json(["skipped": [], "next": .array(try schedules.preview(settings, count: call.limit(Self.count)).map(\.json))])
      })
  }
}
