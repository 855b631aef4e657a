import TestSupport
import Testing
import Workflow

extension `The system` {
  /// What a host that serves survives; the Web tests have the answers one by one.
  @Suite struct `Bad input` {
    private static let requests: [String] = [
      "", "\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{0}\u{1}\u{2}\u{3}", "GET /api/jobs/%00 HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /api/jobs/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "GET /api/jobs/99999999999999999999999999 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "GET /api/jobs?limit=-1&state=%F0%28 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "POST /api/jobs/submit/ingest_collection HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 7\r\n\r\n{\"a\": \u{0}",
      "POST /api/jobs/submit/ingest_collection HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\n[1]",
      "POST /api/jobs/submit/ingest_collection HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
      "POST /api/jobs/submit/ingest_collection HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "DELETE /api/jobs/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "GET / HTTP/1.1\r\n\(String(repeating: "X: y\r\n", count: 20_000))\r\n",
    ]

    @Test func `over HTTP is answered without a 500, and the host goes on`() async throws {
      let place = try Place(plugins: [.noop])
      let host = try await place.serve()
      for request in Self.requests {
        let answer = try await host.exchange(Array(request.utf8))
        if let answer { #expect(answer.status < 500, "\(request.prefix(80)): \(answer.text)") }
      }
      let deep = String(repeating: "[", count: 200_000)
      let bodies = [
        "{\"source_container\": \(deep)", "{\"source_container\": 1e999999, \"target_container\": \"\\u0000\"}", "{\"a\": 1, \"a\": 2}",
        "\u{FEFF}{}",
        "{\"source_container\": \"\(String(repeating: "x", count: 3_000_000))\"}",
      ]
      for body in bodies {
        let answer = try await host.post("/api/jobs/submit/ingest_collection", body)
        #expect((400..<500).contains(answer.status), "\(body.prefix(40)): \(answer.status) \(answer.text)")
        #expect(answer.json["title"]?.stringValue != nil, "\(answer.text)")
      }
      #expect(try await host.get("/api/health").status == 200)
      #expect(try await host.stop().status == 0)
    }

    @Test func `in a job's params ends the job, not the host`() async throws {
      let place = try Place()
      let host = try await place.serve()
      for params in [
        #"{"source_container": "../etc", "target_container": "silverx"}"#,
        #"{"source_container": "bronzenone", "target_container": "silverx"}"#,
        #"{"source_container": "bronzenone", "target_container": "silverx", "collection_json_path": "../../etc/passwd"}"#,
        #"{"source_container": "secret", "target_container": "silverx"}"#,
        #"{"source_container": "bronzenone", "target_container": "gold"}"#,
      ] {
        let job = try await host.end(of: try await host.submit("ingest_collection", params))
        #expect(job.state == "failed", "\(params): \(job.serialized())")
        #expect(job["error"]?.stringValue?.isEmpty == false)
      }
      #expect(try await host.get("/api/health").status == 200)
    }
  }
}
