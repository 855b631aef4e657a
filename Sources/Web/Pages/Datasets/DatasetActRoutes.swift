import Engine
import Workflow

/// What forms of a dataset's page do.
struct DatasetActRoutes: Sendable {
  let datasets: Datasets
  let onChange: @Sendable () -> Void

  static let id = Parameter.path("id", .text(longest: 64), "The dataset's id.")

  var routes: [Route] {
    DatasetActs.Act.allCases.map { act in
      Route.form(
        "/api/interface/datasets/{id}/\(act.rawValue)", id: "form-dataset-\(act.rawValue)", parameters: [Self.id], onChange: onChange
      ) {
        call, form in
        try perform(act, call, form)
        return "/api/interface/datasets/\(HTML.encoded(call.path("id")))?done=\(act.rawValue)"
      }
    }
  }

  private func perform(_ act: DatasetActs.Act, _ call: Call, _ form: Form) throws {
    let (id, actor) = (call.path("id"), call.actor)
    switch act {
    case .update: _ = try datasets.update(id, force: form["force"] == "true", by: actor)
    case .dryRun: _ = try datasets.update(id, dryRun: true, by: actor)
    case .enable, .disable: _ = try datasets.setEnabled(id, act == .enable, by: actor)
    case .rollback:
      guard let version = try form.text("version", .integer(1...Int(Int32.max))).flatMap({ Int($0) }) else {
        throw Problem(.invalidParameters, "the form names no version", hint: "Go back, and choose one.")
      }
      _ = try datasets.rollback(id, to: version, by: actor)
    }
  }
}
