import TestSupport
import Testing

@testable import Web

@Suite struct `Who is slow` {
  private static let short = Patience(
    firstHead: .milliseconds(300), body: .milliseconds(300), reading: .milliseconds(300), idle: .milliseconds(300))

  @Test(arguments: [
    "", "GET /api/jobs HT", "GET /api/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ",
    "POST /api/jobs/submit/gather HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{",
    "POST /api/jobs/submit/gather HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    "POST /api/nothing HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{",
    "GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
  ]) func `with a request is cut off`(request: String) async throws {
    try await TestServer.with(sample: false, patience: Self.short) { server in
      try await SlowClient.pause(port: server.port, after: Array(request.utf8))
    }
  }

  @Test(arguments: ["submit/gather", "nothing"]) func `sends a byte now and then, and is cut off nevertheless`(path: String) async throws {
    try await TestServer.with(sample: false, patience: Self.short) { server in
      let head = "POST /api/jobs/\(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n\r\n"
      try await SlowClient.trickle(port: server.port, Array(head.utf8))
    }
  }

  @Test func `takes nothing of an answer, and is cut off`() async throws {
    try await TestServer.with(sample: false, patience: Self.short) { server in
      let request = "GET /api/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
      try await SlowClient.ask(port: server.port, withoutReading: Array(request.utf8))
    }
  }
}
