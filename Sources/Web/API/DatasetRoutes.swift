import Engine
import HTTPTypes
import Workflow

/// Curated datasets: what is said of them, and what becomes of them.
struct DatasetRoutes: Sendable {
  let datasets: Datasets
  let views: Views
  let onChange: @Sendable () -> Void

  private static let path = "/api/curated/datasets/{id}"
  private static let id = Parameter.path("id", .text(longest: 64), "The dataset's id.")
  private static let ifMatch = Parameter.header("If-Match", .text(longest: 1_000), "The ETag that the dataset must still have.")
  private static let flag = ParameterKind.choice(["true", "false"])

  var routes: [Route] { [list, create, get, replace, remove, update, history, enable, disable, rollback, versions] }

  private var list: Route {
    let limit = Parameter.query("limit", .integer(1...500, fallback: 100), "At most so many.")
    return .get(
      "/api/curated/datasets", id: "listDatasets", "Curated datasets by id.",
      parameters: [
        .query("enabled_only", Self.flag, "Only those whose schedule is on."),
        .query("after", .text(longest: 64), "`next` of the page before."), limit,
      ], schema: "DatasetPage"
    ) { call in
      let page = try datasets.list(enabledOnly: call.text("enabled_only") == "true", after: call.text("after"), limit: call.limit(limit))
      return .page("datasets", page.elements.map(\.json), next: page.next)
    }
  }

  private var create: Route {
    Route(
      .post, "/api/curated/datasets", id: "createDataset", "Register a dataset; its first update makes its table.", access: .operator,
      body: "The dataset, as a manifest has it.", bodySchema: "DatasetDefinition",
      successes: [Self.success("The dataset.", status: 201)], problems: [.notJSON, .invalidDataset, .datasetExists, .datasetInUse],
      .blocking { call in
        let dataset = try datasets.create(try Self.definition(call.body), by: call.actor)
        return Self.answer(dataset, status: 201, location: "/api/curated/datasets/\(dataset.definition.id)")
      })
  }

  private var get: Route {
    Route(
      .get, Self.path, id: "getDataset", "A dataset, and how it stands.", parameters: [Self.id],
      successes: [Self.success("The dataset.")], problems: [.noDataset],
      .blocking { call in Self.answer(try datasets.dataset(call.path("id"))) })
  }

  private var replace: Route {
    Route(
      .put, Self.path, id: "replaceDataset", "Replace what is said of a dataset; what is not given takes its default.", access: .operator,
      parameters: [Self.id, Self.ifMatch], body: "The dataset, as a manifest has it; its dataset_id is that of the path.",
      bodySchema: "DatasetDefinition", successes: [Self.success("The dataset.")],
      problems: [.notJSON, .invalidDataset, .noDataset, .hasChanged, .datasetInUse],
      .blocking { call in
        let definition = try Self.definition(call.body)
        guard definition.id == call.path("id") else {
          throw EngineError(
            .invalidDataset([Workflow.Problem(file: "body", path: "dataset_id", message: "is not \"\(call.path("id"))\".", hint: nil)]),
            subject: definition.id)
        }
        return Self.answer(try datasets.replace(definition, call.precondition, by: call.actor))
      })
  }

  private var remove: Route {
    Route(
      .delete, Self.path, id: "removeDataset", "Take a dataset out of the registry; its table stays, with all its versions.",
      access: .operator, parameters: [Self.id, Self.ifMatch, .query("confirm", .choice(["yes"]), "`yes`, or nothing is done.")],
      successes: [Self.success("The dataset as it was.")], problems: [.noDataset, .hasChanged, .datasetInUse],
      .blocking { call in
        guard call.text("confirm") == "yes" else {
          throw Problem(.invalidQuery, "confirm: is missing", hint: "Say confirm=yes: the registry forgets the dataset; its table stays.")
        }
        return Self.answer(try datasets.remove(call.path("id"), call.precondition, by: call.actor))
      })
  }

  private var update: Route {
    Route(
      .post, "\(Self.path)/update", id: "updateDataset",
      "Submit the job that brings the dataset up to date; while one does, that is answered.", access: .operator,
      parameters: [
        Self.id, .query("force_update", Self.flag, "Also when the source has nothing new; false when absent."),
        .query("dry_run", Self.flag, "Everything but the swap; false when absent."),
      ],
      successes: [
        .init(status: 201, summary: "A new job.", schema: "Submitted", headers: [("Location", "The job's path.")]),
        .init(status: 200, summary: "The job that updates it already.", schema: "Submitted", headers: [("Location", "The job's path.")]),
      ],
      problems: [.noDataset, .noWorkflow, .noHandler, .invalidWorkflow, .invalidParameters, .curatedTablesAway],
      .blocking { call in
        let submitted = try datasets.update(
          call.path("id"), force: call.text("force_update") == "true", dryRun: call.text("dry_run") == "true", by: call.actor)
        if submitted.isNew { onChange() }
        let path = "/api/jobs/\(submitted.jobID)"
        return .json(
          [
            "job_id": .string("\(submitted.jobID)"), "created": .bool(submitted.isNew),
            "state": .string(try views.job(submitted.jobID).state.rawValue), "url": .string(path),
          ], status: submitted.isNew ? 201 : 200, headers: [.location: path])
      })
  }

  private var history: Route {
    let limit = Parameter.query("limit", .integer(1...100, fallback: 20), "At most so many.")
    return .get(
      "\(Self.path)/history", id: "listDatasetUpdates", "What became of the dataset's updates, newest first.",
      parameters: [Self.id, .query("after", .cursor, "`next` of the page before."), limit], schema: "DatasetUpdatePage",
      problems: [.noDataset]
    ) { call in
      let page = try datasets.history(call.path("id"), after: call.text("after").flatMap { Int64($0) }, limit: call.limit(limit))
      return .page("updates", page.elements, next: page.next)
    }
  }

  private var enable: Route { turn(true, "enable", id: "enableDataset", "Turn the dataset's schedule on.") }
  private var disable: Route { turn(false, "disable", id: "disableDataset", "Turn the dataset's schedule off.") }

  private func turn(_ isEnabled: Bool, _ verb: String, id: String, _ summary: String) -> Route {
    Route(
      .post, "\(Self.path)/\(verb)", id: id, summary, access: .operator, parameters: [Self.id, Self.ifMatch],
      successes: [Self.success("The dataset.")], problems: [.noDataset, .hasChanged],
      .blocking { call in
        Self.answer(try datasets.setEnabled(call.path("id"), isEnabled, call.precondition, by: call.actor))
      })
  }

  private var rollback: Route {
    Route(
      .post, "\(Self.path)/rollback", id: "rollbackDataset", "Let readers see another version, at once.", access: .operator,
      parameters: [
        Self.id, .query("version", .integer(1...Int(Int32.max)), "The version; the one before the current when absent."),
      ],
      successes: [.init(status: 200, summary: "The version that readers see.", schema: "DatasetVersion")],
      problems: [.noDataset, .noDatasetVersion, .datasetInUse, .curatedTablesAway],
      .blocking { call in .json(try datasets.rollback(call.path("id"), to: call.integer("version"), by: call.actor)) })
  }

  private var versions: Route {
    .get(
      "\(Self.path)/versions", id: "listDatasetVersions", "The versions of the dataset that stand, newest first.",
      parameters: [Self.id], schema: "DatasetVersionList", problems: [.noDataset, .datasetInUse, .curatedTablesAway]
    ) { call in
      .json(["versions": .array(try datasets.versions(call.path("id")))])
    }
  }

  private static func success(_ summary: String, status: Int = 200) -> Route.Success {
    var headers = [("ETag", "Changes with every change of what is said.")]
    if status == 201 { headers.append(("Location", "The dataset's path.")) }
    return Route.Success(status: status, summary: summary, schema: "Dataset", headers: headers)
  }

  private static func answer(_ dataset: Dataset, status: Int = 200, location: String? = nil) -> Answer {
    var headers: HTTPFields = [.eTag: "\"\(dataset.revision)\""]
    if let location { headers[.location] = location }
    return .json(dataset.json, status: status, headers: headers)
  }

  /// - Throws: 400 for what is no JSON object, 422 with every problem.
  private static func definition(_ body: [UInt8]) throws -> DatasetDefinition {
    let value = try JSONBody.object(body, matching: [:])
    let loaded = Validator.dataset(bytes: body, file: "body")
    guard let definition = loaded.value else {
      throw EngineError(.invalidDataset(loaded.problems), subject: String((value["dataset_id"]?.stringValue ?? "").prefix(64)))
    }
    return definition
  }
}
