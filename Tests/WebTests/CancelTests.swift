import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Cancelling over HTTP` {
  @Test func `a job is cancelled, and a repeat changes nothing`() async throws {
    try await TestServer.with { server in
      let job = try await server.post("/api/jobs/submit/gather", #"{"from": "here"}"#).headers["location"] ?? ""
      let first = try await server.post("\(job)/cancel")
      #expect(first.status == 202)
      #expect(first.json["state"] == "cancelled")
      #expect(server.changeCount == 2)
      #expect(try await server.post("\(job)/cancel").status == 202)
    }
  }

  @Test func `a job whose tasks still run is being cancelled`() async throws {
    try await TestServer.with { server in
      let job = try await server.halfDone().job
      let answer = try await server.post("/api/jobs/\(job)/cancel")
      #expect(answer.status == 202)
      #expect(answer.json["state"] == "running")
      #expect(answer.json["cancelling"] == true)
    }
  }

  @Test func `a job that has ended otherwise cannot be cancelled`() async throws {
    try await TestServer.with { server in
      let half = try await server.halfDone()
      try await onOwnThread { try half.finish(server.engine) }
      let answer = try await server.post("/api/jobs/\(half.job)/cancel")
      #expect(answer.status == 409)
      #expect(answer.json["type"] == "urn:weir:problem:job-has-ended")
    }
  }

  @Test func `a job that is not there is not cancelled`() async throws {
    try await TestServer.with { server in
      let unknown = try await server.post("/api/jobs/999/cancel")
      #expect(unknown.json["detail"] == "there is no job 999")
      let malformed = try await server.post("/api/jobs/42x/cancel")
      #expect(malformed.status == 400)
    }
  }
}
