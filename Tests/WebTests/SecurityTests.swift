import TestSupport
import Testing
import Workflow

@testable import Web

@Suite struct `Who comes in` {
  @Test(arguments: ["/api/jobs", "/api/jobs/1/cancel", "/api/nothing", "/nothing", "/api/hosts"])
  func `with a token, whoever does not send it is told nothing else`(path: String) async throws {
    try await TestServer.with(token: "s3cret", sample: false) { server in
      let answer = try await server.get(path, headers: ["Authorization": ""])
      #expect(answer.status == 401)
      #expect(answer.headers["www-authenticate"]?.hasPrefix("Bearer realm=\"weir\"") == true)
      #expect(answer.json["hint"]?.stringValue?.contains("Authorization: Bearer TOKEN") == true)
    }
  }

  @Test func `with a token, health and the document are open, and the token opens the rest`() async throws {
    try await TestServer.with(token: "s3cret", sample: false) { server in
      let port = server.port
      for path in ["/api/health", "/api/openapi.json"] {
        let request = "GET \(path) HTTP/1.1\r\nHost: weir.example:\(port)\r\nConnection: close\r\n\r\n"
        let answer = try await server.raw(Array(request.utf8))
        #expect(answer.status == 200)
      }
      let sent = try await server.get("/api/jobs")
      #expect(sent.status == 200)
      let renamed = try await server.get("/api/jobs", headers: ["Authorization": "bearer s3cret", "Host": "weir.example"])
      #expect(renamed.status == 200)
      let missing = try await server.get("/api/nothing")
      #expect(missing.status == 404)
    }
  }

  @Test(arguments: ["Bearer s3cre", "Bearer s3crets", "Bearer", "Bearer ", "Basic s3cret", "s3cret", "Bearer S3CRET"])
  func `no other token opens anything`(given: String) async throws {
    try await TestServer.with(token: "s3cret", sample: false) { server in
      let answer = try await server.get("/api/jobs", headers: ["Authorization": given])
      #expect(answer.status == 401)
    }
  }

  @Test(arguments: [
    "weir.example", "weir.example:80", "127.0.0.example", "127.0.0.1.example", "10.0.0.1", "", "[::2]:80", "localhost.example",
  ])
  func `without a token, a name that is not this machine's is refused`(host: String) async throws {
    try await TestServer.with(sample: false) { server in
      let answer = try await server.get("/api/jobs", headers: ["Host": host])
      #expect(answer.status == 403)
      #expect(answer.json["type"] == "urn:weir:problem:foreign-host")
    }
  }

  @Test(arguments: ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.1.2.3:80", "[::1]:8080"])
  func `without a token, this machine's names are served`(host: String) async throws {
    try await TestServer.with(sample: false) { server in
      let answer = try await server.get("/api/jobs", headers: ["Host": host])
      #expect(answer.status == 200)
    }
  }

  @Test(arguments: ["https://evil.example", "null", "http://localhost:1", "http://127.0.0.1"])
  func `a page of another site changes nothing`(origin: String) async throws {
    try await TestServer.with { server in
      let answer = try await server.post("/api/jobs/submit/gather", #"{"from": "here"}"#, headers: ["Origin": origin])
      #expect(answer.status == 403)
      #expect(answer.json["type"] == "urn:weir:problem:foreign-origin")
      #expect(try await server.get("/api/jobs", headers: ["Origin": origin]).json["jobs"] == [])
    }
  }

  @Test func `a page of this host may submit`() async throws {
    try await TestServer.with { server in
      let origin = "http://127.0.0.1:\(server.port)"
      let answer = try await server.post("/api/jobs/submit/gather", #"{"from": "here"}"#, headers: ["Origin": origin])
      #expect(answer.status == 201)
    }
  }

  @Test(arguments: ["/api/jobs", "/api/nothing", "/api/health"])
  func `every answer tells browsers what not to do with it`(path: String) async throws {
    try await TestServer.with(sample: false) { server in
      let headers = try await server.get(path).headers
      #expect(
        headers["content-security-policy"] == "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
      #expect(headers["x-frame-options"] == "DENY")
      #expect(headers["cross-origin-opener-policy"] == "same-origin")
      #expect(headers["permissions-policy"]?.hasPrefix("camera=()") == true)
      #expect(headers["x-content-type-options"] == "nosniff")
      #expect(headers["referrer-policy"] == "no-referrer")
      #expect(headers["cache-control"] == "no-store")
      #expect(headers["access-control-allow-origin"] == nil)
    }
  }
}
