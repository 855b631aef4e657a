import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Submitting over HTTP` {
  @Test func `a job is made, and told to whoever waits for work`() async throws {
    try await TestServer.with { server in
      let answer = try await server.post("/api/jobs/submit/gather?label=nightly&priority=7", #"{"from": "here", "count": 3}"#)
      #expect(answer.status == 201)
      let id = answer.json["job_id"]?.stringValue ?? ""
      #expect(
        answer.text == #"{"job_id":"\#(id)","created":true,"state":"running","url":"/api/jobs/\#(id)"}"#)
      #expect(answer.headers["location"] == "/api/jobs/\(id)")
      #expect(server.changeCount == 1)
      let job = try await server.get("/api/jobs/\(id)").json
      #expect(job["params"]?.serialized() == #"{"from":"here","count":3}"#)
      #expect(job["labels"] == ["nightly"])
      #expect(job["priority"] == 7)
    }
  }

  @Test func `a dedup_key that was seen answers the job that is there`() async throws {
    try await TestServer.with { server in
      let first = try await server.post("/api/jobs/submit/gather?dedup_key=a%2Fb+c", #"{"from": "here"}"#)
      let second = try await server.post("/api/jobs/submit/gather?dedup_key=a%2Fb%20c", #"{"from": "elsewhere"}"#)
      #expect(first.status == 201)
      #expect(second.status == 200)
      #expect(second.json["job_id"] == first.json["job_id"])
      #expect(second.json["created"] == false)
      #expect(second.headers["location"] == first.headers["location"])
      #expect(server.changeCount == 1)
    }
  }

  @Test func `what curl -d sends is taken as JSON`() async throws {
    try await TestServer.with { server in
      let answer = try await server.post(
        "/api/jobs/submit/gather", #"{"from": "here"}"#, headers: ["Content-Type": "application/x-www-form-urlencoded"])
      #expect(answer.status == 201)
    }
  }

  @Test func `no body is an empty object`() async throws {
    try await TestServer.with { server in
      let answer = try await server.post("/api/jobs/submit/gather", " \r\n")
      #expect(answer.status == 422)
      #expect(answer.json["errors"]?[0]?["message"] == #"/from: expected a string, which is required, got nothing."#)
    }
  }

  @Test func `a job that may not begin yet is queued`() async throws {
    try await TestServer.with { server in
      let answer = try await server.post("/api/jobs/submit/gather?not_before=2999-01-01T00:00:00.5%2B02:00", #"{"from": "here"}"#)
      #expect(answer.json["state"] == "queued")
      let job = try await server.get(answer.headers["location"] ?? "").json
      #expect(job["not_before"] == "2998-12-31T22:00:00.500Z")
    }
  }

  @Test func `every mistake in the parameters is told with its place`() async throws {
    try await TestServer.with { server in
      let answer = try await server.post("/api/jobs/submit/gather", #"{"form": "here", "count": "3"}"#)
      #expect(answer.status == 422)
      #expect(answer.headers["content-type"] == "application/problem+json")
      #expect(answer.json["type"] == "urn:weir:problem:invalid-parameters")
      #expect(answer.json["detail"] == #"the parameters of "gather" are not valid: 3 problems"#)
      let errors = answer.json["errors"]?.arrayValue ?? []
      #expect(Set(errors.compactMap { $0["pointer"]?.stringValue }) == ["/from", "/form", "/count"])
      let count = errors.first { $0["pointer"] == "/count" }
      #expect(count?["expected"] == "an integer")
      #expect(count?["given"] == #""3" (a string)"#)
      #expect(errors.contains { $0["suggestion"] == #"Did you mean "from"?"# })
      #expect(server.changeCount == 0)
    }
  }

  @Test(arguments: [
    (#"{"from": here}"#, #"the parameters of "gather" are not a JSON object: line 1, column 10: "#),
    ("[1]", #"the parameters of "gather" are not a JSON object: line 1, column 1: expected an object"#),
    ("{\"from\": \"a\u{0}\"}", #"the parameters of "gather" are not a JSON object: line 1, column 12: "#),
    (#"{"from": "a\u0000"}"#, #"the parameters of "gather" are not a JSON object: line 1, column "#),
    (#"{"from": "a", "from": "b"}"#, #"the parameters of "gather" are not a JSON object: line 1, column "#),
    (String(repeating: "[", count: 200_000), #"the parameters of "gather" are not a JSON object: line 1, column "#),
  ]) func `what is no JSON object is refused with the place`(body: String, detail: String) async throws {
    try await TestServer.with { server in
      let answer = try await server.post("/api/jobs/submit/gather", body)
      #expect(answer.status == 400)
      #expect(answer.json["type"] == "urn:weir:problem:not-json")
      #expect(answer.json["detail"]?.stringValue?.hasPrefix(detail) == true, "\(answer.text)")
      #expect(answer.json["hint"]?.stringValue?.isEmpty == false)
    }
  }

  @Test func `an unknown workflow is answered with those that are known`() async throws {
    try await TestServer.with { server in
      let answer = try await server.post("/api/jobs/submit/gahter", "{}")
      #expect(answer.status == 404)
      #expect(answer.json["detail"] == #"there is no workflow "gahter""#)
      #expect(answer.json["hint"] == "There are gather, orphan.")
    }
  }

  @Test func `a workflow whose handler nobody has is refused`() async throws {
    try await TestServer.with { server in
      let answer = try await server.post("/api/jobs/submit/orphan", "{}")
      #expect(answer.status == 409)
      #expect(answer.json["type"] == "urn:weir:problem:no-handler")
    }
  }

  @Test(arguments: [
    ("dedupkey=1", #"dedupkey: there is no such parameter. Did you mean "dedup_key"? It takes dedup_key, priority, not_before, label."#),
    ("priority=high", #"priority: expected a whole number from -32768 to 32767, got "high"."#),
    ("priority=40000", #"priority: expected a whole number from -32768 to 32767, got "40000"."#),
    (
      "not_before=2026-11-23T02:00:00+01:00",
      #"not_before: expected a time as in RFC 3339, such as 2026-11-23T02:00:00Z, got "2026-11-23T02:00:00 01:00". Write a + of the zone as %2B, or give the time in UTC, with Z."#
    ),
    ("label=", #"label: expected labels of 1 to 100 characters, with commas between, got ""."#),
    ("label=a&label=b", "label: is given twice."),
  ]) func `a mistake in the query is refused`(query: String, message: String) async throws {
    try await TestServer.with { server in
      let answer = try await server.post("/api/jobs/submit/gather?\(query)", #"{"from": "here"}"#)
      #expect(answer.status == 400)
      #expect(answer.json["type"] == "urn:weir:problem:invalid-query")
      #expect(answer.json["errors"]?[0]?["message"]?.stringValue == message)
    }
  }
}
