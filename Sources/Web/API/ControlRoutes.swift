import Engine
import HTTPTypes
import Workflow

/// What an operator does to jobs.
struct ControlRoutes: Sendable {
  let engine: Engine
  let onChange: @Sendable () -> Void

  private static let stage = Parameter.query("stage", .text(longest: 200), "This stage only.")

  var routes: [Route] { [cancel, pause, resume, retry, rerun, priority, labels] }

  private var cancel: Route {
    change(
      "cancel", id: "cancelJob", "Cancel a job: nothing more of it starts, and what runs is stopped. A repeat changes nothing.",
      parameters: [
        .query(
          "stop", .choice(Control.Stop.allCases.map(\.rawValue)),
          "How: `asking` gives handlers the host's grace period, which is the default; `now` kills them at once.")
      ], answers: "The job, which ends with its last running task.", problems: [.jobHasEnded]
    ) { call in
      try engine.control.cancel(call.job, call.text("stop").flatMap(Control.Stop.init) ?? .asking, by: call.actor)
    }
  }

  private var pause: Route {
    change(
      "pause", id: "pauseJob", "Pause a job, or one running stage: what runs goes on to its end, and nothing new is begun.",
      parameters: [Self.stage, .query("why", .text(longest: 500), "For those who wonder.")], answers: "The job.",
      problems: [.noStage, .jobHasEnded, .stateForbids]
    ) { call in
      try engine.control.pause(call.job, stage: call.text("stage"), why: call.text("why"), by: call.actor)
    }
  }

  private var resume: Route {
    change(
      "resume", id: "resumeJob", "Let a job go on, with all that is paused of it.", parameters: [Self.stage], answers: "The job.",
      problems: [.noStage, .jobHasEnded, .stateForbids]
    ) { call in
      try engine.control.resume(call.job, stage: call.text("stage"), by: call.actor)
    }
  }

  private var retry: Route {
    Route(
      .post, "/api/jobs/{id}/retry", id: "retryJob",
      "Try failed tasks again, all or those that match. What had run behind them goes back to waiting, and runs again.",
      access: .operator,
      parameters: [
        JobRoutes.id, Self.stage,
        .query("outcome", .choice(AttemptEnd.failures.map(\.rawValue)), "Whose last attempt ended so."),
        .query("fingerprint", .text(longest: 16), "Whose last failure has this fingerprint."),
      ],
      successes: [.init(status: 202, summary: "What is tried again; it may be nothing.", schema: "Retried")],
      problems: [.noJob, .noStage, .jobHasEnded, .stateForbids],
      .blocking { call in
        let filter = RetryFilter(stage: call.text("stage"), outcome: call.text("outcome"), fingerprint: call.text("fingerprint"))
        let retried = try engine.control.retry(call.job, filter, by: call.actor)
        if retried.tasks > 0 { onChange() }
        return .json(
          [
            "job_id": .string("\(call.job)"), "tasks": JSON(retried.tasks), "stages": .array(retried.stages.map(JSON.string)),
            "put_back": .array(retried.putBack.map(JSON.string)),
          ], status: 202)
      })
  }

  private var rerun: Route {
    Route(
      .post, "/api/jobs/{id}/rerun", id: "rerunJob", "Run a job again as a new one, from the beginning or from a stage.",
      access: .operator,
      parameters: [
        JobRoutes.id, .query("from", .text(longest: 200), "The stage where it begins: what is before it is taken over as it ended."),
        .query(
          "version", .choice(Rerun.Version.allCases.map(\.rawValue)),
          "Which version of the workflow: `pinned` is the job's own and the default, `newest` the one that a new job would have."),
      ],
      successes: [.init(status: 201, summary: "The new job.", schema: "Job", headers: [("Location", "The job's path.")])],
      problems: [.noJob, .noStage, .noWorkflow, .invalidParameters, .invalidWorkflow, .noHandler, .stateForbids],
      .blocking { call in
        let version = call.text("version").flatMap(Rerun.Version.init) ?? .pinned
        let job = try engine.control.rerun(call.job, Rerun(from: call.text("from"), version: version), by: call.actor)
        onChange()
        return .json(try engine.views.job(job).json, status: 201, headers: [.location: "/api/jobs/\(job)"])
      })
  }

  private var priority: Route {
    change(
      "priority", id: "prioritizeJob", "Give a job that has not ended another priority.",
      parameters: [.query("to", .integer(-32_768...32_767, fallback: 0), "Higher first.")], answers: "The job.",
      problems: [.jobHasEnded]
    ) { call in
      try engine.control.prioritize(call.job, call.integer("to") ?? 0, by: call.actor)
    }
  }

  private var labels: Route {
    change(
      "labels", id: "labelJob", "Add labels to a job and take others away.",
      parameters: [.query("add", .labels, "To add."), .query("remove", .labels, "To take away.")], answers: "The job.",
      problems: [.invalidQuery]
    ) { call in
      _ = try engine.control.label(call.job, add: call.labels("add"), remove: call.labels("remove"), by: call.actor)
    }
  }

  /// A route that changes a job and answers with it.
  private func change(
    _ verb: String, id: String, _ summary: String, parameters: [Parameter], answers: String, problems: [ProblemKind],
    _ body: @escaping @Sendable (Call) throws -> Void
  ) -> Route {
    Route(
      .post, "/api/jobs/{id}/\(verb)", id: id, summary, access: .operator, parameters: [JobRoutes.id] + parameters,
      successes: [.init(status: 202, summary: answers, schema: "Job")], problems: [.noJob] + problems,
      .blocking { call in
        try body(call)
        onChange()
        return .json(try engine.views.job(call.job).json, status: 202)
      })
  }
}
