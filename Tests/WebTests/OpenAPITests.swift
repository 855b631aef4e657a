import Engine
import Foundation
import TestSupport
import Testing
import Workflow

@Suite struct `The OpenAPI document` {
  @Test func `is valid in the eyes of openapi-spec-validator`() async throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let python = root.appending(path: ".venv/bin/python")
    try #require(FileManager.default.isExecutableFile(atPath: python.path), "there is no \(python.path): run `make setup`")
    for token in [nil, "s3cret"] {
      let document = try await Self.document(token: token)
      let folder = TemporaryFolder()
      let file = URL(filePath: folder.path).appending(path: "openapi.json")
      try Data(document.serialized().utf8).write(to: file)
      let (status, words) = try await onOwnThread { try Self.validate(file, with: python) }
      #expect(status == 0, "\(words)")
      withExtendedLifetime(folder) {}
    }
  }

  @Test func `says of every route who may ask, and what others are answered`() async throws {
    let document = try await Self.document(token: nil)
    #expect(document["components"]?["securitySchemes"]?.objectValue?.keys == ["token", "session"])
    var roles: [String: Int] = [:]
    for (path, operations) in document["paths"]?.objectValue?.members ?? [] {
      for (method, operation) in operations.objectValue?.members ?? [] {
        let security = try #require(operation["security"]?.arrayValue, "\(method) \(path) does not say who may ask")
        let role = security.first?["token"]?[0]?.stringValue ?? "open"
        roles[role, default: 0] += 1
        let answers = operation["responses"]?.objectValue?.keys ?? []
        if role != "open" { #expect(Set(answers).isSuperset(of: ["401", "403", "429"]), "\(method) \(path)") }
        #expect(role == "open" || security == [["token": [.string(role)]], ["session": [.string(role)]]])
        if method != "get", method != "head" { #expect(role != "viewer" || path == "/api/workflows/validate", "\(method) \(path)") }
      }
    }
    #expect(Set(roles.keys) == ["open", "viewer", "operator", "admin"])
  }

  @Test func `tells of every GET what is answered, member by member`() async throws {
    try await TestServer.with { server in
      let half = try await server.halfDone()
      try await onOwnThread { [schedules = server.engine.schedules] in
        let settings = try ScheduleSettings(["workflow": "gather", "cron": "0 2 * * *", "params": ["from": "here"]])
        _ = try schedules.put("gather", settings, by: .system)
        _ = try schedules.backfill("gather", .init(range: 0...100_000), by: .system)
      }
      try await onOwnThread { [triggers = server.engine.triggers] in
        _ = try triggers.put(
          "gather", try TriggerSettings(["workflow": "gather", "on": ["job": ["workflow": "orphan"]], "params": ["from": "here"]]),
          by: .system)
      }
      // its job's number stands for every {id}
      try await onOwnThread { try RegisteredItem.put(into: server, collection: "\(half.job)", item: "thing", job: half.job) }
      #expect(try await server.post("/api/curated/datasets", DatasetTests.rivers).status == 201)
      let document = try await server.get("/api/openapi.json").json
      for (template, operations) in document["paths"]?.objectValue?.members ?? []
      where operations["get"]?["responses"]?["200"]?["content"]?["application/json"] != nil {
        // whose tables are in no database of this server
        guard template != "/api/curated/datasets/{id}/versions", template != "/api/tiles/{dataset}" else { continue }
        let id = template.hasPrefix("/api/curated/") ? "rivers" : "\(half.job)"
        let path = template.replacing("{id}", with: id).replacing("{n}", with: "2").replacing("{name}", with: "gather")
          .replacing("{item}", with: "thing")
        for stage in path.contains("{stage}") ? ["list", "copy"] : [""] {
          guard !(stage == "list" && template.hasSuffix("{n}")) else { continue }
          let answer = try await server.get(path.replacing("{stage}", with: stage))
          #expect(answer.status == 200, "\(path): \(answer.text)")
          let problems = try Self.problems(in: answer.json, status: 200, of: operations["get"], document)
          #expect(problems.isEmpty, "\(path), \(stage): \(problems)")
        }
      }
    }
  }

  @Test func `tells of every change what is answered`() async throws {
    try await TestServer.with { server in
      let document = try await server.get("/api/openapi.json").json
      let submit = document["paths"]?["/api/jobs/submit/{workflow}"]?["post"]
      func control(_ verb: String) -> JSON? { document["paths"]?["/api/jobs/{id}/\(verb)"]?["post"] }
      let cancel = control("cancel")
      let unpublish = document["paths"]?["/api/collections/{id}/unpublish"]?["post"]
      let path = "/api/jobs/submit/gather?dedup_key=a"
      for (status, operation, answer) in [
        (201, submit, try await server.post(path, #"{"from": "here"}"#)), (200, submit, try await server.post(path, #"{"from": "here"}"#)),
        (400, submit, try await server.post(path, "x")), (422, submit, try await server.post("/api/jobs/submit/gather", "{}")),
        (404, submit, try await server.post("/api/jobs/submit/x")), (409, submit, try await server.post("/api/jobs/submit/orphan")),
        (202, control("pause"), try await server.post("/api/jobs/1/pause?why=a")),
        (202, control("resume"), try await server.post("/api/jobs/1/resume")),
        (202, control("priority"), try await server.post("/api/jobs/1/priority?to=1")),
        (202, control("labels"), try await server.post("/api/jobs/1/labels?add=a")),
        (202, control("retry"), try await server.post("/api/jobs/1/retry")),
        (201, control("rerun"), try await server.post("/api/jobs/1/rerun")),
        (409, control("pause"), try await server.post("/api/jobs/1/pause?stage=copy")),
        (404, unpublish, try await server.post("/api/collections/x/unpublish")),
        (400, unpublish, try await server.post("/api/collections/x/unpublish?dry_run=1")),
        (202, cancel, try await server.post("/api/jobs/1/cancel")), (404, cancel, try await server.post("/api/jobs/99/cancel")),
      ] {
        #expect(answer.status == status, "\(answer.text)")
        let problems = try Self.problems(in: answer.json, status: answer.status, of: operation, document)
        #expect(problems.isEmpty, "\(status): \(problems)")
      }
    }
  }

  private static func document(token: String?) async throws -> JSON {
    let found = Found()
    try await TestServer.with(token: token, sample: false) { server in await found.keep(try await server.get("/api/openapi.json").json) }
    return await found.document
  }

  private actor Found {
    var document = JSON.null
    func keep(_ document: JSON) { self.document = document }
  }

  /// Checks a body against what the document says of it; members that are not documented are problems too.
  private static func problems(in body: JSON, status: Int, of operation: JSON?, _ document: JSON) throws -> [SchemaProblem] {
    let content = operation?["responses"]?["\(status)"]?["content"]
    let documented = try #require(content?.objectValue?.members.first?.value["schema"], "status \(status) is not documented")
    let schemas = document["components"]?["schemas"] ?? .null
    // in draft-07 nothing beside $ref counts
    let schema: JSON = ["allOf": [strict(documented)], "components": ["schemas": strict(schemas)]]
    return try Schema(schema).problems(in: body)
  }

  /// The schema with every object that lists its members closed to others; what a reject or a result holds stays open.
  private static func strict(_ schema: JSON) -> JSON {
    switch schema {
    case .array(let elements): return .array(elements.map(strict))
    case .object(let object):
      var closed = JSONObject(object.members.map { (key: $0.key, value: strict($0.value)) })
      let members = object["properties"]?.objectValue?.keys ?? []
      if object["type"] == "object", members.count > 1, !members.contains("openapi") { closed.append("additionalProperties", false) }
      return .object(closed)
    default: return schema
    }
  }

  private static func validate(_ file: URL, with python: URL) throws -> (Int32, String) {
    let process = Process()
    process.executableURL = python
    process.arguments = ["-m", "openapi_spec_validator", file.path]
    let said = Pipe()
    process.standardOutput = said
    process.standardError = said
    try process.run()
    let words = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, words)
  }
}
