import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Collections over HTTP` {
  @Test func `say what is not there, and what cannot be`() async throws {
    try await TestServer.with { server in
      try await onOwnThread { try RegisteredItem.put(into: server, collection: "c", item: "a b") }
      for (path, status, kind) in [
        ("/api/collections/c/items/a%20b/provenance", 200, ""), ("/api/collections/c/items/z/provenance", 404, "no-item"),
        ("/api/collections/d/items/a/provenance", 404, "no-collection"),
        ("/api/collections/c/items/theirs/provenance", 404, "no-provenance"),
        ("/api/jobs/77/registered", 200, ""), ("/api/jobs/78/registered", 404, "no-job"), ("/api/jobs/78/objects", 404, "no-job"),
        ("/api/jobs/77/registered?after=x", 400, "invalid-query"), ("/api/jobs/77/registered?after=999999999999999999", 200, ""),
      ] {
        let answer = try await server.get(path)
        #expect(answer.status == status, "\(path): \(answer.text)")
        #expect(kind.isEmpty || answer.json["type"]?.stringValue == "urn:weir:problem:\(kind)", "\(path): \(answer.text)")
      }
      let found = try await server.get("/api/collections/c/items/a%20b/provenance").json
      #expect(found["item"] == "a b" && found["task_id"] == "77/register_items/3", "\(found.serialized())")
      for (query, status, kind) in [
        ("", 404, "no-workflow"), ("?dry_run=maybe", 400, "invalid-query"), ("?dry_run=false", 404, "no-workflow"),
      ] {
        let answer = try await server.post("/api/collections/c/unpublish\(query)")
        #expect(answer.status == status && answer.json["type"]?.stringValue == "urn:weir:problem:\(kind)", "\(query): \(answer.text)")
      }
      #expect(try await server.post("/api/collections/nothing/unpublish").status == 404)
    }
  }

  @Test func `a submission answers the job, and a second the same one`() async throws {
    try await TestServer.with { server in
      try await onOwnThread {
        try RegisteredItem.put(into: server, collection: "c", item: "a")
        let text =
          #"{"name": "unpublish_collection", "parameters": {"type": "object"}, "stages": [{"id": "list", "handler": "sample.list"}]}"#
        try server.engine.catalog.put(WorkflowDefinition.load(bytes: Array(text.utf8), file: "w").get(), text: text)
      }
      let first = try await server.post("/api/collections/c/unpublish?dry_run=false")
      let second = try await server.post("/api/collections/c/unpublish?dry_run=false")
      #expect(first.status == 201 && second.status == 200 && first.json["job_id"] == second.json["job_id"], "\(second.text)")
      #expect(first.headers["location"] == first.json["url"]?.stringValue)
      let listing = try await server.post("/api/collections/c/unpublish")
      #expect(listing.status == 201 && listing.json["job_id"] != first.json["job_id"])
      let job = try await server.get(first.json["url"]?.stringValue ?? "").json
      #expect(job["params"]?.serialized() == #"{"collection_id":"c","dry_run":false}"#)
    }
  }
}

/// An item with provenance, one without, and an object, as if job 77 had put them.
enum RegisteredItem {
  static func put(into server: TestServer, collection: String, item: String, job: Int64 = 77) throws {
    let registry = Database(DatabaseConfiguration(url: server.engine.database.configuration.url, poolSize: 2, settings: Stac.settings))
    defer { registry.close() }
    let origin = Origin(
      jobID: job, stage: "register_items", n: 3, attempt: 1, handler: "ingest.register_items", handlerVersion: "1.0.0", plugin: "ingest",
      pluginVersion: "1.0.0", libraryHash: "ab12")
    let stac = Stac(database: registry)
    _ = try stac.putCollection(
      Array(
        """
        {"type":"Collection","stac_version":"1.0.0","id":"\(collection)","description":"d","license":"CC-BY-4.0","links":[],
         "extent":{"spatial":{"bbox":[[-180,-90,180,90]]},"temporal":{"interval":[["2000-01-01T00:00:00Z",null]]}}}
        """.utf8), by: origin)
    func document(_ id: String) -> [UInt8] {
      Array(
        """
        {"type":"Feature","stac_version":"1.0.0","id":"\(id)","geometry":{"type":"Point","coordinates":[1,2]},"bbox":[1,2,1,2],
         "properties":{"datetime":"2020-05-01T00:00:00Z"},"links":[],"assets":{"data":{"href":"file:///silver/a.tif"}}}
        """.utf8)
    }
    _ = try stac.putItems(collection, items: document(item), by: origin)
    _ = try stac.putItems(collection, items: document("theirs"))
    let ledger = ObjectLedger(database: registry)
    let entry = try ledger.begin(["a.tif"], collection: collection, container: "silver", by: origin)
    try ledger.end(entry, [ObjectLedger.Placed(key: "a.tif", etag: "e", size: 3)])
  }
}
