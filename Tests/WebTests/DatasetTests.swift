import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite("Datasets over HTTP") struct DatasetTests {
  static let rivers = """
    {"dataset_id": "rivers", "name": "Rivers", "source_type": "api_bulk_download", "source_url": "https://example.org/rivers.zip",
     "update_strategy": "full_replace", "target_table_name": "curated_rivers"}
    """
  private static let path = "/api/curated/datasets/rivers"

  @Test func `are made, read, replaced and removed, by ETag`() async throws {
    try await TestServer.with { server in
      let made = try await server.post("/api/curated/datasets", Self.rivers)
      #expect(made.status == 201 && made.headers["location"] == Self.path && made.headers["etag"] == "\"1\"", "\(made.text)")
      #expect(made.json["target_schema"] == "geo" && made.json["keep_versions"] == 3 && made.json["current_version"] == .null)
      let other = Self.rivers.replacing("\"Rivers\"", "\"Streams\"")
      let stale = try await server.send("PUT", Self.path, body: Array(other.utf8), headers: ["If-Match": "\"7\""])
      #expect(stale.status == 412 && stale.json["detail"] == "dataset \"rivers\" was changed meanwhile: it is at revision 1")
      let replaced = try await server.send("PUT", Self.path, body: Array(other.utf8), headers: ["If-Match": "\"1\""])
      #expect(replaced.status == 200 && replaced.json["name"] == "Streams" && replaced.headers["etag"] == "\"2\"")
      #expect(try await server.post("\(Self.path)/disable").json["enabled"] == false)
      #expect(try await server.get("/api/curated/datasets?enabled_only=true").json["datasets"] == [])
      #expect(try await server.post("\(Self.path)/enable").headers["etag"] == "\"4\"")
      let unconfirmed = try await server.send("DELETE", Self.path)
      #expect(unconfirmed.status == 400 && unconfirmed.json["detail"] == "confirm: is missing")
      #expect(try await server.send("DELETE", "\(Self.path)?confirm=yes").status == 200)
      #expect(try await server.get(Self.path).status == 404)
    }
  }

  @Test func `are late on their pages when an alert says so`() async throws {
    try await TestServer.with { server in
      _ = try await server.post("/api/curated/datasets", Self.rivers)
      func isLate() async throws -> [Bool] {
        let alert = try await server.get("/api/metrics/overview").text.contains("dataset_stale")
        let pages = try await [server.get("/api/interface/datasets").text, server.get("/api/interface/datasets/rivers").text]
        return [alert] + pages.map { $0.contains("late</span>") }
      }
      #expect(try await isLate() == [false, false, false])
      try await onOwnThread { [database = server.engine.database] in
        _ = try database.withConnection { try $0.execute("UPDATE curated_datasets SET created_at = now() - interval '3 days'") }
        _ = try database.withConnection { try $0.execute("UPDATE schedules SET changed_at = now() - interval '3 days'") }
      }
      #expect(try await isLate() == [true, true, true])
    }
  }

  @Test(arguments: [
    (#"{"dataset_id": "rivers"}"#, 422, 5), ("[]", 400, 0), (#"{"dataset_id": "#, 400, 0),
    (Self.rivers.replacing("curated_rivers", "rivers"), 422, 1),
    (Self.rivers.replacing("\"name\"", "\"last_job_id\": 1, \"name\""), 422, 1),
  ]) func `are refused with every problem`(body: String, status: Int, problems: Int) async throws {
    try await TestServer.with(sample: false) { server in
      let answer = try await server.post("/api/curated/datasets", body)
      #expect(answer.status == status && (answer.json["errors"]?.arrayValue ?? []).count == problems, "\(answer.text)")
    }
  }

  @Test func `the body's id is that of the path`() async throws {
    try await TestServer.with(sample: false) { server in
      let answer = try await server.send("PUT", "/api/curated/datasets/lakes", body: Array(Self.rivers.utf8))
      #expect(answer.status == 422 && answer.json["errors"]?[0]?["path"] == "dataset_id", "\(answer.text)")
    }
  }

  @Test func `an update without its workflow, and versions without a database for them, say what is missing`() async throws {
    try await TestServer.with { server in
      _ = try await server.post("/api/curated/datasets", Self.rivers)
      #expect(try await server.post("\(Self.path)/update").json["detail"] == "there is no workflow \"curated_dataset_update\"")
      let versions = try await server.get("\(Self.path)/versions")
      #expect(versions.status == 409, "\(versions.text)")
      #expect(
        versions.json["detail"] == "dataset \"rivers\": no database for handlers is named geo, so there are no curated tables")
      #expect(try await server.get("\(Self.path)/history").json["updates"] == [])
    }
  }
}

extension String {
  fileprivate func replacing(_ part: String, _ other: String) -> String {
    split(separator: part, omittingEmptySubsequences: false).joined(separator: other)
  }
}
