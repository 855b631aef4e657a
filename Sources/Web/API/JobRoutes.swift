import Engine
import HTTPTypes
import Workflow

/// Submit, list and show jobs.
struct JobRoutes: Sendable {
  let engine: Engine
  let onChange: @Sendable () -> Void

  static let id = Parameter.path("id", .id, "The job's id.")
  private static let limit = Parameter.query("limit", .integer(1...500, fallback: 50), "At most so many.")

  var routes: [Route] { [submit, list, show, failures] }

  private var submit: Route {
    Route(
      .post, "/api/jobs/submit/{workflow}", id: "submitJob", "Submit a job: the body is the parameters of the workflow.",
      access: .operator,
      parameters: [
        .path("workflow", .text(longest: 200), "The workflow's name."),
        .query("dedup_key", .text(longest: 200), "A job of the workflow with the same key is answered instead of a new one."),
        .query("priority", .integer(-32_768...32_767, fallback: 0), "Higher first."),
        .query("not_before", .time, "Nothing of the job runs before."),
        .query("label", .labels, "Words to find the job by."),
        .header("traceparent", .text(longest: 200), "The trace that asks for it, as W3C Trace Context has it."),
      ],
      body: "An object that the workflow's parameters schema accepts; none is `{}`. The Content-Type does not matter.",
      successes: [
        .init(status: 201, summary: "A new job.", schema: "Submitted", headers: [("Location", "The job's path.")]),
        .init(
          status: 200, summary: "The job that has this dedup_key already.", schema: "Submitted", headers: [("Location", "The job's path.")]),
      ],
      problems: [.noWorkflow, .notJSON, .invalidParameters, .invalidWorkflow, .noHandler], .blocking { try submit($0) })
  }

  private func submit(_ call: Call) throws -> Answer {
    let workflow = call.path("workflow")
    let params = call.body.allSatisfy(Self.isBlank) ? Array("{}".utf8) : call.body
    do {
      // what a database column cannot hold is refused here, with its place
      _ = try RawJSON(validating: params, limits: .storable)
    } catch {
      throw EngineError(.paramsNotJSON(error), subject: workflow)
    }
    let submitted = try engine.jobs.submit(
      Submission(
        workflow: workflow, params: params, dedupKey: call.text("dedup_key"), priority: call.integer("priority") ?? 0,
        notBefore: call.text("not_before").flatMap(RFC3339.seconds), labels: call.labels("label"),
        traceparent: HTTPField.Name("traceparent").flatMap { call.head.headerFields[$0] }),
      by: call.actor)
    if submitted.isNew { onChange() }
    let path = "/api/jobs/\(submitted.jobID)"
    return .json(
      [
        "job_id": .string("\(submitted.jobID)"), "created": .bool(submitted.isNew),
        "state": .string(try engine.views.job(submitted.jobID).state.rawValue), "url": .string(path),
      ], status: submitted.isNew ? 201 : 200, headers: [.location: path])
  }

  private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

  private var list: Route {
    .get(
      "/api/jobs", id: "listJobs", "Jobs, newest first.",
      parameters: [
        .query("workflow", .text(longest: 200), "Of this workflow only."),
        .query("state", .choice(JobState.allCases.map(\.rawValue)), "In this state only."),
        .query("label", .labels, "With all of these labels only."),
        .query("after", .cursor, "`next` of the page before."), Self.limit,
      ], schema: "JobPage"
    ) { call in
      let page = try engine.views.jobs(
        Views.JobFilter(
          workflow: call.text("workflow"), state: call.text("state").flatMap(JobState.init), labels: call.labels("label"),
          after: call.text("after").flatMap { Int64($0) }, limit: call.limit(Self.limit)))
      return .page("jobs", page.elements.map(\.json), next: page.next)
    }
  }

  private var show: Route {
    .get("/api/jobs/{id}", id: "getJob", "A job with its stages.", parameters: [Self.id], schema: "Job", problems: [.noJob]) { call in
      .json(try engine.views.job(call.job).json)
    }
  }

  private var failures: Route {
    .get(
      "/api/jobs/{id}/failures", id: "getJobFailures", "What went wrong in a job: rejects, tasks that failed, and their causes.",
      parameters: [Self.id], schema: "Failures", problems: [.noJob]
    ) { call in
      let failures = try engine.views.failures(job: call.job)
      return .json([
        "rejects": .array(failures.rejects), "failed_tasks": .array(failures.failedTasks.map(\.json)), "cut": .bool(failures.isCut),
        "groups": .array(try engine.views.failureGroups(job: call.job).map(\.json)),
      ])
    }
  }
}
