import Engine
import HTTPTypes
import Workflow

/// What forms of pages do to jobs and builds: the same as the API, with a form's fields, and a page as the answer.
struct ActRoutes: Sendable {
  let engine: Engine
  let onChange: @Sendable () -> Void

  var routes: [Route] { JobActs.Act.allCases.map(route) + [release] }

  private func route(_ act: JobActs.Act) -> Route {
    .form("/api/interface/jobs/{id}/\(act.rawValue)", id: "form-\(act.rawValue)", parameters: [JobRoutes.id], onChange: onChange) {
      call, form in
      let job = try perform(act, call, form)
      return "/api/interface/jobs/\(job)?done=\(act.rawValue)"
    }
  }

  private var release: Route {
    .form(
      "/api/interface/quarantines/{hash}/release", id: "form-release",
      parameters: [.path("hash", .text(longest: 64), "The library's hash.")], onChange: onChange
    ) { call, _ in
      _ = try engine.quarantines.release(call.path("hash"), by: call.actor)
      return "\(PageShell.Place.plugins.rawValue)?done=release"
    }
  }

  /// Answers the job whose page shows what was done.
  private func perform(_ act: JobActs.Act, _ call: Call, _ form: Form) throws -> Int64 {
    let (control, job, actor) = (engine.control, call.job, call.actor)
    switch act {
    case .pause:
      try control.pause(job, stage: try form.text("stage", .text(longest: 200)), why: try form.text("why", .text(longest: 500)), by: actor)
    case .resume: try control.resume(job, stage: try form.text("stage", .text(longest: 200)), by: actor)
    case .cancel: try control.cancel(job, .asking, by: actor)
    case .cancelNow: try control.cancel(job, .now, by: actor)
    case .retry:
      let filter = RetryFilter(stage: try form.text("stage", .text(longest: 200)))
      guard try control.retry(job, filter, by: actor).tasks > 0 else {
        throw Problem(.stateForbids, "there is no failed task to retry", hint: "Look at the list of tasks: another may have retried them.")
      }
    case .rerun:
      let version = try form.text("version", .choice(Rerun.Version.allCases.map(\.rawValue))).flatMap(Rerun.Version.init)
      return try control.rerun(job, Rerun(from: try form.text("from", .text(longest: 200)), version: version ?? .pinned), by: actor)
    case .priority:
      let priority = try form.text("to", .integer(-32_768...32_767)).flatMap { Int($0) }
      try control.prioritize(job, priority ?? 0, by: actor)
    case .labels:
      let (added, removed) = (try labels(form, "add"), try labels(form, "remove"))
      guard !added.isEmpty || !removed.isEmpty else {
        throw Problem(.invalidParameters, "the form names no label", hint: "Go back, and name one to add or to take away.")
      }
      _ = try control.label(job, add: added, remove: removed, by: actor)
    }
    return job
  }

  private func labels(_ form: Form, _ name: String) throws -> [String] {
    // a person writes a blank behind a comma
    let words = ParameterKind.labels(in: form[name] ?? "").map { label in
      String(label.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }.filter { !$0.isEmpty }
    let kind = ParameterKind.labels
    guard words.isEmpty || kind.accepts(words.joined(separator: ",")) else {
      throw Problem(.invalidParameters, "\(name): expected \(kind.expected)", hint: "Go back, and send it again.")
    }
    return words
  }
}
