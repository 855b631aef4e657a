import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Limits over HTTP` {
  @Test func `are set, listed and removed, each with its row in the audit`() async throws {
    try await TestServer.with { server in
      let set = try await server.send("PUT", "/api/limits/planet_api", body: Array(#"{"concurrency": 4, "rate": "600/m"}"#.utf8))
      #expect(set.status == 200, "\(set.text)")
      #expect(set.json["concurrency"] == 4 && set.json["rate"] == "600/m" && set.json["burst"] == 10 && set.json["origin"] == "operator")
      let listed = try await server.get("/api/limits").json["limits"]?.arrayValue ?? []
      #expect(listed.map { $0["name"] } == ["planet_api"] && listed[0]["in_use"] == 0)
      let removed = try await server.send("DELETE", "/api/limits/planet_api")
      #expect(removed.status == 200 && removed.json["limits"] == [])
      let engine = server.engine
      let entries = try await onOwnThread { try engine.audit.entries().elements.map { "\($0.action) \($0.subject)" } }
      #expect(entries.prefix(2) == ["limit.remove limit/planet_api", "limit.set limit/planet_api"])
    }
  }

  @Test(arguments: [
    ("planet_api", "[]", "limit \"planet_api\": expected an object such as {\"concurrency\": 4, \"rate\": \"10/s\"}"),
    ("planet_api", "{}", "limit \"planet_api\": says neither concurrency nor rate"),
    ("planet_api", #"{"concurrency": -1}"#, "limit \"planet_api\": concurrency: expected a whole number from 0 to 1000000000"),
    ("planet_api", #"{"rate": "10 per s"}"#, "limit \"planet_api\": rate: expected a rate such as 10/s, 600/m, 100/h or 5000/d"),
    ("planet_api", #"{"rate": "0/s"}"#, "limit \"planet_api\": rate: expected a rate such as 10/s, 600/m, 100/h or 5000/d"),
    ("planet_api", #"{"concurrency": 1, "burst": 2}"#, "limit \"planet_api\": burst: means nothing without a rate"),
    ("planet_api", #"{"concurency": 1}"#, "limit \"planet_api\": concurency: unknown key; a limit has concurrency, rate, burst"),
    ("Planet", #"{"concurrency": 1}"#, "limit \"Planet\": it is the name of neither a resource nor a handler"),
  ])
  func `are refused with the reason`(name: String, body: String, detail: String) async throws {
    try await TestServer.with(sample: false) { server in
      let answer = try await server.send("PUT", "/api/limits/\(name)", body: Array(body.utf8))
      #expect(answer.status == 422 && answer.json["detail"]?.stringValue == detail, "\(answer.text)")
      #expect(answer.json["type"] == "urn:weir:problem:invalid-limit")
    }
  }

  @Test func `that are no JSON, or are not there, are other problems`() async throws {
    try await TestServer.with(sample: false) { server in
      #expect(try await server.send("PUT", "/api/limits/a", body: Array("{".utf8)).status == 400)
      let missing = try await server.send("DELETE", "/api/limits/a")
      #expect(missing.status == 404 && missing.json["detail"] == "there is no limit \"a\"")
    }
  }
}
