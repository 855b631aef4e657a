import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Failures over HTTP` {
  @Test func `are grouped by cause, for one job and for all`() async throws {
    try await TestServer.with { server in
      let job = try await server.halfDone().job
      let groups = try await server.get("/api/jobs/\(job)/failures").json["groups"]
      #expect(groups?.arrayValue?.count == 1 && groups?[0]?["text"] == "sample.copy crashed: SIGSEGV" && groups?[0]?["failed"] == 1)
      #expect(groups?[0]?["task"] == .string("\(job)/copy/1") && groups?[0]?["outcome"] == "crashed")
      let all = try await server.get("/api/failures?limit=5").json["groups"]
      #expect(all?[0]?["fingerprint"] == groups?[0]?["fingerprint"] && all?[0]?["workflow"] == "gather")
      let task = try await server.get("/api/jobs/\(job)/stages/copy/tasks/1").json
      #expect(task["fingerprint"] == groups?[0]?["fingerprint"])
      let fingerprint = task["fingerprint"]?.stringValue ?? ""
      #expect(try await server.post("/api/jobs/\(job)/retry?fingerprint=\(fingerprint)").json["tasks"] == 1)
    }
  }

  @Test func `put builds into quarantine, which an operator releases`() async throws {
    try await TestServer.with { server in
      #expect(try await server.get("/api/quarantines").json["quarantines"] == [])
      let none = try await server.post("/api/quarantines/ab12/release")
      #expect(none.status == 404 && none.json["hint"] == "None is.")
      let half = try await server.halfDone()
      try await onOwnThread { try half.crash(server.engine, times: 20) }
      let list = try await server.get("/api/quarantines").json["quarantines"]
      #expect(list?[0]?["library_hash"] == "ab12" && list?[0]?["plugin"] == "sample" && list?[0]?["tasks"] == 20)
      let released = try await server.post("/api/quarantines/ab/release")
      #expect(released.status == 202 && released.json["library_hash"] == "ab12")
      #expect(try await server.get("/api/quarantines").json["quarantines"] == [])
    }
  }
}
