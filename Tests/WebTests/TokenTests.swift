import Database
import Engine
import TestSupport
import Testing
import Workflow

@testable import Web

@Suite struct `Tokens` {
  @Test func `each role may do what it may and no more`() async throws {
    try await TestServer.with { server in
      let tokens = [try await server.token(.viewer), try await server.token(.operator), try await server.token(.admin)]
      let asked: [(method: String, path: String, statuses: [Int])] = [
        ("GET", "/api/jobs", [200, 200, 200]), ("POST", "/api/jobs/submit/gather", [403, 422, 422]),
        ("GET", "/api/audit", [403, 200, 200]),
        ("GET", "/api/tokens", [403, 403, 200]), ("DELETE", "/api/tokens/nobody", [403, 403, 404]),
        ("GET", "/api/health", [200, 200, 200]),
      ]
      for (method, path, statuses) in asked {
        for (token, status) in zip(tokens, statuses) {
          let answer = try await server.send(method, path, headers: ["Authorization": "Bearer \(token)"])
          #expect(answer.status == status, "\(method) \(path): \(answer.text)")
        }
      }
      let refused = try await server.get("/api/tokens", headers: ["Authorization": "Bearer \(tokens[0])"])
      #expect(refused.json["detail"] == "the role viewer may not do this, it takes the role admin")
    }
  }

  @Test func `the first one closes the host to those who have none`() async throws {
    try await TestServer.with { server in
      let made = try await server.post("/api/tokens", #"{"name": "ci", "role": "viewer", "expires_in": "90d"}"#)
      #expect(made.status == 201)
      let text = made.json["token"]?.stringValue ?? ""
      #expect(text.wholeMatch(of: /weir_[A-Za-z0-9_-]{43}/) != nil)
      #expect(made.json["beginning"]?.stringValue == String(text.prefix(9)))
      #expect(try await server.get("/api/jobs").status == 401)
      #expect(try await server.get("/api/jobs", headers: ["Authorization": "Bearer \(text)"]).status == 200)
    }
  }

  @Test func `are kept as hashes, and shown once`() async throws {
    try await TestServer.with(token: "the-configured-one") { server in
      let made = try await server.post("/api/tokens", #"{"name": "ci", "role": "admin"}"#)
      let text = made.json["token"]?.stringValue ?? "?"
      #expect(try await server.get("/api/jobs", headers: ["Authorization": "Bearer \(text)"]).status == 200)
      for path in ["/api/tokens", "/api/audit"] { #expect(try await !server.get(path).text.contains(text)) }
      let engine = server.engine
      let kept = try await onOwnThread {
        try engine.database.withConnection { connection in
          try connection.query("SELECT t::text || (SELECT string_agg(a::text, '') FROM app.audit a) FROM app.access_tokens t").one().string(
            0)
        }
      }
      #expect(!kept.contains(text) && !kept.contains(String(text.dropFirst(9))))
    }
  }

  @Test func `open nothing once they are revoked or expired`() async throws {
    try await TestServer.with(token: "the-configured-one") { server in
      let revoked = try await server.token(.viewer, name: "revoked")
      #expect(try await server.get("/api/jobs", headers: ["Authorization": "Bearer \(revoked)"]).status == 200)
      let answer = try await server.send("DELETE", "/api/tokens/revoked")
      #expect(answer.status == 200 && answer.json["state"] == "revoked" && answer.json["revoked_by"] == "configured")
      let expired = try await server.token(.viewer, name: "expired", lifetime: .milliseconds(1))
      let engine = server.engine
      let isOver = try await onOwnThread { try until { try engine.tokens.list().elements.contains { $0.state == .expired } } }
      #expect(isOver)
      for token in [revoked, expired] {
        let answer = try await server.get("/api/jobs", headers: ["Authorization": "Bearer \(token)"])
        #expect(answer.status == 401)
        #expect(answer.headers["www-authenticate"] == "Bearer realm=\"weir\", error=\"invalid_token\"")
      }
      #expect(try await server.send("DELETE", "/api/tokens/revoked").status == 404)
    }
  }

  @Test func `say when they were used, and are recorded`() async throws {
    try await TestServer.with(token: "the-configured-one") { server in
      let token = try await server.token(.operator, name: "night")
      let job = try await server.post(
        "/api/jobs/submit/gather", #"{"from": "here"}"#, headers: ["Authorization": "Bearer \(token)", "User-Agent": "weir/cli"])
      let id = job.json["job_id"]?.stringValue ?? ""
      let known = try await server.get("/api/tokens").json["tokens"]?[0]
      #expect(known?["last_used_at"]?.stringValue?.hasSuffix("Z") == true)
      let change = try await server.get("/api/audit?subject=job%2F\(id)").json["changes"]?[0]
      #expect(change?["actor"] == "night" && change?["role"] == "operator" && change?["via"] == "cli" && change?["action"] == "job.submit")
      #expect(try await server.get("/api/audit?action=token.create").json["changes"]?[0]?["subject"] == "token/night")
    }
  }

  @Test(arguments: [
    ("", 400), ("[]", 400), ("{}", 422), (#"{"name": "a", "role": "root"}"#, 422), (#"{"name": "", "role": "viewer"}"#, 422),
    (#"{"name": "a b", "role": "viewer"}"#, 422), (#"{"name": "configured", "role": "viewer"}"#, 422),
    (#"{"name": "taken", "role": "viewer"}"#, 409), (#"{"name": "a", "role": "viewer", "expires_in": "soon"}"#, 422),
    (#"{"name": "a", "role": "viewer", "expires_in": "0d"}"#, 422), (#"{"name": "a", "role": "viewer", "more": 1}"#, 422),
    (#"{"name": "a", "role": "viewer", "expires_in": null}"#, 201),
  ]) func `are not made of what is no request for one`(body: String, status: Int) async throws {
    try await TestServer.with(token: "the-configured-one") { server in
      _ = try await server.token(.viewer, name: "taken")
      let answer = try await server.post("/api/tokens", body)
      #expect(answer.status == status, "\(answer.text)")
    }
  }

  @Test func `that are wrong are slowed down, and do not keep others out`() async throws {
    try await TestServer.with(token: "the-configured-one", sample: false) { server in
      #expect(try await server.get("/api/jobs").status == 200)
      var slowed = try await server.get("/api/jobs", headers: ["Authorization": "Bearer wrong"])
      // on a machine that is slow itself, tries come back meanwhile
      for n in 0..<10 * WrongTokens.atOnce where slowed.status != 429 {
        #expect(slowed.status == 401)
        slowed = try await server.get("/api/jobs", headers: ["Authorization": "Bearer wrong-\(n)"])
      }
      #expect(slowed.status == 429)
      #expect(slowed.headers["retry-after"] == "6")
      #expect(try await server.get("/api/jobs").status == 200)
      #expect(try await server.get("/api/health").status == 200)
    }
  }
}
