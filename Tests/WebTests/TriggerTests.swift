import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite("Triggers over HTTP") struct TriggerTests {
  private static let hook =
    #"{"workflow": "gather", "on": {"webhook": {"credential": "partner"}}, "params": {"from": "${event.body.from}"}}"#

  private func headers(_ id: String, _ body: String, at time: Int64, key: String = TestServer.signingKey) throws -> [String: String] {
    let signature = try #require(WebhookSignature(secret: key))
    return [
      "webhook-id": id, "webhook-timestamp": "\(time)",
      "webhook-signature": signature.sign(id: id, timestamp: time, body: Array(body.utf8)),
    ]
  }

  private func now(_ server: TestServer) async throws -> Int64 {
    try await onOwnThread {
      try server.engine.database.withConnection { Int64(try $0.query("SELECT extract(epoch FROM now())::bigint").one().int(0)) }
    }
  }

  @Test func `are made, read, paused and removed, by ETag`() async throws {
    try await TestServer.with { server in
      let made = try await server.send("PUT", "/api/triggers/hook", body: Array(Self.hook.utf8))
      #expect(made.status == 200 && made.headers["etag"] == "\"1\"", "\(made.text)")
      let stale = try await server.send("PUT", "/api/triggers/hook", body: Array(Self.hook.utf8), headers: ["If-Match": "\"7\""])
      #expect(stale.status == 412)
      #expect(try await server.get("/api/triggers").json["triggers"]?.arrayValue?.count == 1)
      #expect(try await server.post("/api/triggers/hook/pause?why=quiet").json["paused"]?["why"] == "quiet")
      #expect(try await server.post("/api/triggers/hook/resume?missed=skip").json["paused"] == .null)
      let wrong = try await server.send("PUT", "/api/triggers/hook", body: Array(#"{"workflow": "gather", "on": {}}"#.utf8))
      #expect(wrong.status == 422)
      #expect(wrong.json["detail"] == #"trigger "hook": on: expected an object with one of objects, dataset, job, webhook"#)
      #expect(try await server.send("DELETE", "/api/triggers/hook").json["triggers"] == [])
      #expect(try await server.get("/api/triggers/hook").status == 404)
    }
  }

  @Test func `start a job for a message that is signed, without a token, and once`() async throws {
    try await TestServer.with(token: "a token of some length") { server in
      #expect(try await server.send("PUT", "/api/triggers/hook", body: Array(Self.hook.utf8)).status == 200)
      let (time, body) = (try await now(server), #"{"from": "there"}"#)
      var signed = try headers("msg_1", body, at: time)
      signed["Authorization"] = "Bearer nobody's"
      let fired = try await server.post("/api/triggers/hook/fire", body, headers: signed)
      #expect(fired.status == 201 && fired.json["created"] == true, "\(fired.text)")
      let again = try await server.post("/api/triggers/hook/fire", body, headers: signed)
      #expect(again.status == 200 && again.json["job_id"] == fired.json["job_id"] && again.json["created"] == false)
      let job = try await server.get("/api/jobs/\(fired.json["job_id"]?.stringValue ?? "")")
      #expect(job.json["params"]?["from"] == "there", "\(job.text)")
      #expect(try await server.get("/api/triggers/hook/events").json["events"]?[0]?["subject"] == "message msg_1")
    }
  }

  @Test func `tell who is not believed nothing`() async throws {
    try await TestServer.with(token: "a token of some length") { server in
      #expect(try await server.send("PUT", "/api/triggers/hook", body: Array(Self.hook.utf8)).status == 200)
      let (time, body) = (try await now(server), "{}")
      let other = try headers("msg_1", body, at: time, key: "another key, long enough")
      let right = try headers("msg_1", body, at: time)
      var answers: [String] = []
      for (name, headers) in [("hook", other), ("none", other), ("none", right), ("hook", [:])] {
        let answer = try await server.post("/api/triggers/\(name)/fire", body, headers: headers)
        #expect(answer.status == 401)
        answers.append(answer.text.replacing("none", "hook"))
      }
      #expect(Set(answers[..<3]).count == 1, "\(answers)")
      #expect(!answers.joined().contains("whsec"))
      #expect(try await server.get("/api/triggers/hook/events").json["events"] == [])
    }
  }

  @Test func `and alerts are read by viewers`() async throws {
    try await TestServer.with { server in
      let id = try await onOwnThread {
        let engine = server.engine
        let host = try engine.hosts.register(
          HostIdentity(name: "here", machine: "h", pid: 7, process: "7"), version: "1", slots: 1, offers: [])
        _ = try engine.hosts.register(HostIdentity(name: "gone", machine: "g", pid: 1, process: "1"), version: "1", slots: 1, offers: [])
        _ = try engine.database.withConnection {
          try $0.execute("UPDATE hosts SET lease_until = now() - interval '1 minute' WHERE name = 'gone'")
        }
        guard let term = try engine.leader.lead(host) else { return 0 }
        return try engine.alerts.observe(["ops": [.hostLost]], term)
      }
      #expect(id == 1)
      let alerts = try await server.get("/api/alerts")
      #expect(alerts.json["alerts"]?[0]?["kind"] == "host_lost" && alerts.json["alerts"]?[0]?["cleared_at"] == .null, "\(alerts.text)")
      let told = try await server.get("/api/alerts/deliveries?webhook=ops&state=waiting")
      #expect(told.json["deliveries"]?[0]?["event"] == "raised", "\(told.text)")
      #expect(try await server.get("/api/alerts/deliveries?state=lost").status == 400)
    }
  }
}

extension String {
  fileprivate func replacing(_ part: String, _ other: String) -> String {
    split(separator: part, omittingEmptySubsequences: false).joined(separator: other)
  }
}
