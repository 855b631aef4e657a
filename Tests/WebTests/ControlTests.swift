import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Controlling jobs over HTTP` {
  @Test func `a job is paused and resumed, and tells who did it and why`() async throws {
    try await TestServer.with { server in
      let job = try await server.halfDone().job
      let paused = try await server.post("/api/jobs/\(job)/pause?why=disk%20full")
      #expect(paused.status == 202 && paused.json["state"] == "paused")
      #expect(paused.json["paused"]?["by"] == "local" && paused.json["paused"]?["why"] == "disk full")
      #expect(paused.json["stages"]?[1]?["state"] == "paused" && paused.json["waiting_reason"]?.isNull == true)
      let resumed = try await server.post("/api/jobs/\(job)/resume")
      #expect(resumed.status == 202 && resumed.json["state"] == "running" && resumed.json["paused"]?.isNull == true)
      #expect(try await server.get("/api/audit?action=job.pause").json["changes"]?.arrayValue?.count == 1)
    }
  }

  @Test func `failed tasks are retried, all or those that match`() async throws {
    try await TestServer.with { server in
      let half = try await server.halfDone()
      let path = "/api/jobs/\(half.job)/retry"
      #expect(try await server.post("\(path)?outcome=timeout").json["tasks"] == 0)
      let answer = try await server.post("\(path)?stage=copy&outcome=crashed")
      #expect(answer.status == 202 && answer.json.serialized() == #"{"job_id":"\#(half.job)","tasks":1,"stages":["copy"],"put_back":[]}"#)
      #expect(try await server.post("\(path)?outcome=broken").status == 400)
      #expect(try await server.post("\(path)?stage=x").status == 404)
    }
  }

  @Test func `a job is run again from a stage`() async throws {
    try await TestServer.with { server in
      let half = try await server.halfDone()
      let answer = try await server.post("/api/jobs/\(half.job)/rerun?from=copy")
      #expect(answer.status == 201 && answer.headers["location"] == "/api/jobs/2")
      #expect(answer.json["origin"]?.serialized() == #"{"job_id":"1","stage":"copy"}"#)
      #expect(answer.json["stages"]?[0]?["reused_from"] == "1" && answer.json["stages"]?[1]?["state"] == "running")
      #expect(try await server.get("/api/jobs/2/stages/list/items").json["items"]?.arrayValue?.count == 5)
      #expect(try await server.get("/api/jobs/2/stages/list/tasks").json["tasks"]?.arrayValue?.count == 1)
      let early = try await server.post("/api/jobs/2/rerun?from=lost")
      #expect(early.status == 404)
    }
  }

  @Test func `priority and labels are changed, and what cannot be done is a conflict`() async throws {
    try await TestServer.with { server in
      let half = try await server.halfDone()
      let path = "/api/jobs/\(half.job)"
      #expect(try await server.post("\(path)/priority?to=-9").json["priority"] == -9)
      #expect(try await server.post("\(path)/labels?add=b,a&remove=nightly").json["labels"] == ["a", "b"])
      #expect(try await server.get("/api/jobs?label=a,b").json["jobs"]?.arrayValue?.count == 1)
      let long = try await server.post("\(path)/labels?add=" + (0..<40).map(String.init).joined(separator: ","))
      #expect(long.status == 400 && long.json["detail"] == "42 labels; the most is 32")
      let waiting = try await server.post("\(path)/pause?stage=list")
      #expect(waiting.status == 409 && waiting.json["type"] == "urn:weir:problem:state-forbids")
      #expect(try await server.post("\(path)/cancel?stop=now").status == 202)
      #expect(try await server.post("\(path)/resume").json["detail"] == "job \(half.job) is being cancelled")
    }
  }
}
