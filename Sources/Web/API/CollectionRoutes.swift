import Engine
import HTTPTypes
import Workflow

/// Where what is registered came from, and taking a collection back.
struct CollectionRoutes: Sendable {
  let provenance: Provenance
  let views: Views
  let onChange: @Sendable () -> Void

  private static let collection = Parameter.path("id", .text(longest: 500), "The collection's id.")
  private static let limit = Parameter.query("limit", .integer(1...1_000, fallback: 100), "At most so many.")
  private static let after = Parameter.query("after", .cursor, "`next` of the page before.")

  var routes: [Route] { [item, registered, objects, unpublish] }

  private var item: Route {
    .get(
      "/api/collections/{id}/items/{item}/provenance", id: "getItemProvenance",
      "Which job, task, attempt and handler build registered an item as it is now.",
      parameters: [Self.collection, .path("item", .text(longest: 500), "The item's id.")], schema: "ItemProvenance",
      problems: [.noCollection, .noItem, .noProvenance]
    ) { call in
      .json(try provenance.item(call.path("item"), in: call.path("id")))
    }
  }

  private var registered: Route {
    .get(
      "/api/jobs/{id}/registered", id: "listRegistered",
      "The items that a job registered, changed or not, in the order in which it did; also when the job is gone by retention.",
      parameters: [JobRoutes.id, Self.after, Self.limit], schema: "RegisteredPage", problems: [.noJob]
    ) { call in
      let page = try provenance.registered(
        by: call.job, after: call.text("after").flatMap { Int64($0) } ?? 0, limit: call.limit(Self.limit))
      return .page("items", page.elements, next: page.next)
    }
  }

  private var objects: Route {
    .get(
      "/api/jobs/{id}/objects", id: "listWrittenObjects", "The objects that a job wrote for collections.",
      parameters: [JobRoutes.id, Self.after, Self.limit], schema: "WrittenPage", problems: [.noJob]
    ) { call in
      let page = try provenance.objects(of: call.job, after: call.text("after").flatMap { Int64($0) } ?? 0, limit: call.limit(Self.limit))
      return .page("objects", page.elements, next: page.next)
    }
  }

  private var unpublish: Route {
    Route(
      .post, "/api/collections/{id}/unpublish", id: "unpublishCollection",
      "Submit the job that takes a collection back: its items, objects and catalogue entry. A dry run, the default, lists them only.",
      access: .operator,
      parameters: [Self.collection, .query("dry_run", .choice(["true", "false"]), "Whether only to list; true when absent.")],
      successes: [
        .init(status: 201, summary: "A new job.", schema: "Submitted", headers: [("Location", "The job's path.")]),
        .init(status: 200, summary: "The job that takes it back already.", schema: "Submitted", headers: [("Location", "The job's path.")]),
      ],
      problems: [.noCollection, .collectionInUse, .noWorkflow, .noHandler, .invalidWorkflow, .invalidParameters],
      .blocking { call in
        let submitted = try provenance.unpublish(
          call.path("id"), dryRun: call.text("dry_run") != "false", by: call.actor)
        if submitted.isNew { onChange() }
        let path = "/api/jobs/\(submitted.jobID)"
        return .json(
          [
            "job_id": .string("\(submitted.jobID)"), "created": .bool(submitted.isNew),
            "state": .string(try views.job(submitted.jobID).state.rawValue), "url": .string(path),
          ], status: submitted.isNew ? 201 : 200, headers: [.location: path])
      })
  }
}
