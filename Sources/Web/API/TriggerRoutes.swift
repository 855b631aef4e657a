import Engine
import HTTPTypes
import Workflow

/// Workflows that start when something happens.
struct TriggerRoutes: Sendable {
  let triggers: Triggers
  /// What a credential signs with; nil: there is none of the name, or it cannot be read.
  let key: @Sendable (String) -> String?
  let onChange: @Sendable () -> Void

  private static let name = Parameter.path("name", .text(longest: 64), "The trigger's name.")
  private static let path = "/api/triggers/{name}"

  var routes: [Route] { [list, show, put, remove, pause, resume, events, fire] }

  private var list: Route {
    .get("/api/triggers", id: "listTriggers", "All triggers, by name.", schema: "TriggerList") { _ in try Self.all(triggers) }
  }

  private static func all(_ triggers: Triggers) throws -> Answer { .json(["triggers": .array(try triggers.list().map(\.json))]) }

  private var show: Route {
    .get(
      Self.path, id: "showTrigger", "One trigger; its ETag goes into If-Match of a change.", parameters: [Self.name], schema: "Trigger",
      problems: [.noTrigger]
    ) { call in Self.answer(try triggers.trigger(call.path("name"))) }
  }

  private static func answer(_ trigger: TriggerView) -> Answer {
    .json(trigger.json, headers: [.eTag: "\"\(trigger.generation)\""])
  }

  private var put: Route {
    Route(
      .put, Self.path, id: "setTrigger", "Make a trigger, or change the one of this name. With If-Match only if nobody changed it since.",
      access: .operator,
      parameters: [Self.name, .header("If-Match", .text(longest: 100), "The ETag that the trigger must still have.")],
      body: "What it waits for, and what it starts.", bodySchema: "TriggerSettings",
      successes: [.init(status: 200, summary: "The trigger.", schema: "Trigger")],
      problems: [.notJSON, .invalidTrigger, .noWorkflow, .noHandler, .noDataset, .invalidParameters, .hasChanged],
      .blocking { call in
        let name = call.path("name")
        let settings = try Self.settings(call, name)
        let tag = call.head.headerFields[.ifMatch]
        let seen = tag.flatMap { Int($0.filter { $0 != "\"" }) }
        if seen == nil, let tag, tag != "*" {
          throw EngineError(.triggerHasChanged(generation: try triggers.trigger(name).generation), subject: name)
        }
        return Self.answer(try triggers.put(name, settings, generation: seen, by: call.actor))
      })
  }

  private static func settings(_ call: Call, _ subject: String) throws -> TriggerSettings {
    let body: JSON
    do throws(JSONSyntaxError) {
      body = try JSON(parsing: call.body, limits: .storable)
    } catch {
      throw EngineError(.paramsNotJSON(error), subject: subject)
    }
    do throws(TriggerSettings.Fault) { return try TriggerSettings(body) } catch {
      throw EngineError(.invalidTrigger(error.message), subject: subject)
    }
  }

  private var remove: Route {
    Route(
      .delete, Self.path, id: "removeTrigger", "Remove a trigger with its history; its jobs stay.", access: .operator,
      parameters: [Self.name], successes: [.init(status: 200, summary: "What is left.", schema: "TriggerList")], problems: [.noTrigger],
      .blocking { call in
        try triggers.remove(call.path("name"), by: call.actor)
        return try Self.all(triggers)
      })
  }

  private var pause: Route {
    let why = Parameter.query("why", .text(longest: 500), "For those who find it paused.")
    return change("pause", "pauseTrigger", "Start nothing until it is resumed.", [Self.name, why]) { call in
      try triggers.pause(call.path("name"), why: call.text("why"), by: call.actor)
    }
  }

  private var resume: Route {
    let missed = Parameter.query(
      "missed", .choice(Triggers.Missed.allCases.map(\.rawValue)),
      "What happened while it was paused: `take` it now, which is the default, or `skip` it.")
    return change("resume", "resumeTrigger", "Start jobs again.", [Self.name, missed]) { call in
      try triggers.resume(call.path("name"), missed: call.text("missed").flatMap { Triggers.Missed(rawValue: $0) } ?? .take, by: call.actor)
    }
  }

  private func change(
    _ verb: String, _ id: String, _ summary: String, _ parameters: [Parameter], _ act: @escaping @Sendable (Call) throws -> TriggerView
  ) -> Route {
    Route(
      .post, "\(Self.path)/\(verb)", id: id, summary, access: .operator, parameters: parameters,
      successes: [.init(status: 200, summary: "The trigger.", schema: "Trigger")], problems: [.noTrigger],
      .blocking { call in Self.answer(try act(call)) })
  }

  private var events: Route {
    let limit = Parameter.query("limit", .integer(1...500, fallback: 50), "How many.")
    return .get(
      "\(Self.path)/events", id: "listTriggerEvents", "What became of its events, the latest first.",
      parameters: [Self.name, .query("after", .cursor, "`next` of the page before."), limit], schema: "TriggerEventPage",
      problems: [.noTrigger]
    ) { call in
      let page = try triggers.events(call.path("name"), after: call.text("after").flatMap { Int64($0) }, limit: call.limit(limit))
      return .page("events", page.elements.map(\.json), next: page.next)
    }
  }

  /// Open to everybody: the signature says who it is.
  private var fire: Route {
    func header(_ name: String, _ summary: String) -> Parameter { .header(name, .text(longest: 1_000), summary) }
    let answers = "Whether the message started a job."
    return Route(
      .post, "\(Self.path)/fire", id: "fireTrigger",
      "Start the workflow of a webhook by a message that is signed as Standard Webhooks has it; each webhook-id once.", access: .open,
      parameters: [
        Self.name, header("webhook-id", "The same for every try of one message."),
        header("webhook-timestamp", "Seconds since 1970, within five minutes of this host's clock."),
        header("webhook-signature", "`v1,` and the base64 of HMAC-SHA256 over `ID.TIMESTAMP.BODY`."),
      ], body: "What `${event.body}` is in the trigger's params.",
      successes: [
        .init(status: 201, summary: answers, schema: "Fired"), .init(status: 200, summary: "The message came before.", schema: "Fired"),
      ], problems: [.unsigned, .notJSON, .triggerPaused],
      .blocking { call in
        func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { call.head.headerFields[$0] } }
        let fired = try triggers.fire(
          call.path("name"),
          Triggers.Message(
            id: field("webhook-id"), timestamp: field("webhook-timestamp"), signatures: field("webhook-signature"), body: call.body),
          key: key)
        if fired.isNew { onChange() }
        return .json(
          ["job_id": fired.jobID.map { .string("\($0)") } ?? .null, "created": .bool(fired.isNew && fired.jobID != nil)],
          status: fired.isNew ? 201 : 200)
      })
  }
}
