import TestSupport
import Testing
import Workflow

@Suite struct `Requests that no client should send` {
  @Test(arguments: [
    ("GET", "/api/jobs/0", 400), ("GET", "/api/jobs/-1", 400), ("GET", "/api/jobs/1e3", 400), ("GET", "/api/jobs/9999999999999999999", 400),
    ("GET", "/api/jobs/999999999999999999", 404), ("GET", "/api/jobs/%C2%BD", 400), ("GET", "/api/jobs/%FF", 400),
    ("GET", "/api/jobs/%00", 400), ("GET", "/api/jobs/%4", 400), ("GET", "/api/jobs?after=x", 400), ("GET", "/api/jobs?limit=0", 400),
    ("GET", "/api/jobs?limit=501", 400), ("GET", "/api/jobs?limit=+5", 400), ("GET", "/api/jobs?state=done", 400),
    ("GET", "/api/jobs?=1", 400), ("GET", "/api/jobs?&&", 200), ("GET", "/api/jobs?%zz=1", 400),
    ("GET", "/api/jobs/1/stages/'; DROP TABLE jobs", 400),
    ("GET", "/api/jobs/1/stages/%27%3B%20DROP%20TABLE%20jobs", 404), ("GET", "/api/jobs/1/stages/list/tasks/2147483648", 400),
    ("GET", "/api/jobs/1/stages/list/tasks/2147483647", 404), ("GET", "/api/jobs/1/stages/list/tasks?after=2147483647", 404),
    ("GET", "/api/jobs/1/stages/list/items?after=999999999999999999", 404), ("GET", "/api/jobs/1/logs?after=999999999999999999", 404),
    ("GET", "/api/hosts?verbose=1", 400), ("GET", "/api/workflows/..%2f..%2fetc%2fpasswd", 404), ("GET", "/api/../etc/passwd", 404),
    ("GET", "//api/jobs", 404), ("GET", "/api/jobs/", 404), ("GET", "", 400), ("GET", "http://127.0.0.1/api/jobs", 200), ("GET", "*", 400),
    ("DELETE", "/api/jobs/1", 405), ("POST", "/api/jobs", 405), ("GET", "/api/jobs/submit/gather", 405), ("OPTIONS", "/api/jobs", 405),
    ("PATCH", "/api/jobs", 405), ("TRACE", "/api/health", 405), ("POST", "/api/jobs/submit/%F0%9F%A6%AB", 404),
  ]) func `are answered with a problem that says why`(method: String, path: String, status: Int) async throws {
    try await TestServer.with(sample: false) { server in
      let answer = try await server.send(method, path)
      #expect(answer.status == status, "\(answer.text)")
      if status >= 400, !answer.body.isEmpty {
        #expect(answer.json["status"]?.intValue == status)
        #expect(answer.json["detail"]?.stringValue?.isEmpty == false)
      }
    }
  }

  @Test(arguments: [
    "\r\n\r\n", "GET\r\n\r\n", "GET /api/jobs HTTP/9.9\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}",
    "GET /api/jobs HTTP/1.1\r\nHost\r\n\r\n",
    "POST /api/jobs/submit/gather HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n",
    "POST /api/jobs/submit/gather HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "POST /api/jobs/submit/gather HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "GET /api/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nX: \(String(repeating: "x", count: 200_000))\r\n\r\n",
    "GET /api/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\n\(String(repeating: "A: b\r\n", count: 5_000))\r\n",
  ]) func `that are no HTTP end their connection and nothing else`(request: String) async throws {
    try await TestServer.with(sample: false) { server in
      let bytes = try await onOwnThread { [server] in
        try HTTPExchange.send(port: server.port, Array(request.utf8) + Array("\r\n\r\n".utf8), endsInput: true)
      }
      if let answer = HTTPAnswer(bytes) { #expect((400..<500).contains(answer.status)) }
      #expect(try await server.get("/api/health").status == 200)
    }
  }

  @Test func `a body that nobody reads does not become the next request`() async throws {
    try await TestServer.with(sample: false) { server in
      let body = "GET /api/hosts HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
      let first = "POST /api/nothing HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
      let second = "GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
      let sent = Array((first + second).utf8)
      let said = String(decoding: try await onOwnThread { [server] in try HTTPExchange.send(port: server.port, sent) }, as: UTF8.self)
      #expect(said.split(separator: "HTTP/1.1 ").map { $0.prefix(3) } == ["404", "200"])
    }
  }

  @Test func `a path that does not take a method says which it takes`() async throws {
    try await TestServer.with(sample: false) { server in
      let readable = try await server.send("PUT", "/api/jobs/1")
      #expect(readable.headers["allow"] == "GET, HEAD")
      let callable = try await server.get("/api/jobs/1/cancel")
      #expect(callable.headers["allow"] == "POST")
    }
  }

  @Test func `a path that is nearly right gets a suggestion`() async throws {
    try await TestServer.with(sample: false) { server in
      let hint = try await server.get("/api/job/7/stage").json["hint"]
      #expect(hint == "Did you mean /api/jobs/7/stages? /api/openapi.json lists what there is.")
    }
  }

  @Test func `a body of a mebibyte is read, a larger one is not`() async throws {
    try await TestServer.with { server in
      let most = 1 << 20
      let fits = #"{"from": ""# + String(repeating: "x", count: most - 12) + #""}"#
      #expect(fits.utf8.count == most)
      #expect(try await server.post("/api/jobs/submit/gather", fits).status == 201)
      let announced = try await server.post("/api/jobs/submit/gather", fits + " ")
      #expect(announced.status == 413)
      #expect(announced.json["detail"] == "the body is larger than 1048576 bytes")
      let chunk = "10000\r\n" + String(repeating: " ", count: 0x10000) + "\r\n"
      let head = "POST /api/jobs/submit/gather HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
      let chunked = try await server.raw(Array((head + String(repeating: chunk, count: 17) + "0\r\n\r\n").utf8))
      #expect(chunked.status == 413)
    }
  }

  @Test func `a URL that is too long is refused`() async throws {
    try await TestServer.with(sample: false) { server in
      let answer = try await server.get("/api/jobs?label=" + String(repeating: "x", count: 9_000))
      #expect(answer.status == 414)
    }
  }

  @Test func `what the database cannot store is the request's fault`() async throws {
    try await TestServer.with { server in
      let answer = try await server.post("/api/jobs/submit/gather", #"{"from": "x", "count": 1e200000}"#)
      #expect(answer.status == 400)
    }
  }
}
