import Engine
import Foundation
import TestSupport
import Testing
@testable import Web
import Workflow

@Suite struct `Metrics over HTTP` {
  @Test func `a job tells how far it is, and the overview has its card`() async throws {
    try await TestServer.with { server in
      let job = try await server.halfDone().job
      _ = try await onOwnThread { try server.engine.metrics.sample(MetricsSettings()) }
      let card = try await server.get("/api/jobs/\(job)/progress").json
      #expect(card["tasks"]?["failed"] == 1 && card["state"] == "running" && card["eta"]?["state"] != nil)
      let overview = try await server.get("/api/metrics/overview?workflow=gather").json
      #expect(overview["jobs"]?[0]?["id"] == .string("\(job)") && overview["sampled_at"]?.stringValue != nil)
      #expect(try await server.get("/api/metrics/overview?workflow=other").json["jobs"] == [])
      #expect(try await server.get("/api/queue").json["stages"]?[0]?["job_id"] == .string("\(job)"))
      #expect(try await server.get("/api/metrics/calibration").json["share"]?.isNull == true)
      let missing = try await server.get("/api/jobs/999/progress")
      #expect(missing.status == 404 && missing.json["detail"] == "there is no job 999")
    }
  }

  @Test func `a job's past is read from and to a time, by steps`() async throws {
    try await TestServer.with { server in
      let job = try await server.halfDone().job
      for _ in 0..<3 { _ = try await onOwnThread { try server.engine.metrics.sample(MetricsSettings()) } }
      let all = try await server.get("/api/jobs/\(job)/metrics").json["points"]?.arrayValue ?? []
      #expect(all.count >= 4)
      #expect(all.last?["tasks"]?["failed"] == 1)
      let few = try await server.get("/api/jobs/\(job)/metrics?step=86400").json["points"]?.arrayValue ?? []
      #expect(few.count <= 2 && few.last?["tasks"] == all.last?["tasks"])
      let to = try #require(all.first?["at"]?.stringValue)
      #expect(try await server.get("/api/jobs/\(job)/metrics?to=\(to)").json["points"]?.arrayValue?.count ?? 9 < all.count)
      let wrong = try await server.get("/api/jobs/\(job)/metrics?from=yesterday&step=0")
      #expect(wrong.status == 400 && wrong.json["errors"]?.arrayValue?.count == 2)
    }
  }

  @Test func `promtool finds nothing to mend in what Prometheus reads`() async throws {
    try #require(FileManager.default.isExecutableFile(atPath: "/usr/bin/promtool"), "there is no promtool: run `make setup`")
    try await TestServer.with { server in
      _ = try await server.halfDone()
      _ = try await onOwnThread { try server.engine.metrics.sample(MetricsSettings()) }
      let answer = try await server.get("/metrics")
      #expect(answer.status == 200)
      for line in [
        #"weir_jobs{state="running"} 1"#, #"weir_build_info{version="9.8.7"} 1"#, "# TYPE weir_tasks gauge", "weir_sample_age_seconds ",
      ] {
        #expect(answer.text.contains(line), "\(line) is missing: \(answer.text)")
      }
      let (status, words) = try await onOwnThread { try Self.check(answer.text + Self.counters) }
      #expect(status == 0 && words.isEmpty, "\(words)")
    }
  }

  /// As a host that works has them besides.
  private static var counters: String {
    var text = Exposition()
    text.add(HostWork())
    return text.text
  }

  private static func check(_ text: String) throws -> (status: Int32, words: String) {
    let (process, input, output) = (Process(), Pipe(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/promtool")
    process.arguments = ["check", "metrics"]
    (process.standardInput, process.standardOutput, process.standardError) = (input, output, output)
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    try input.fileHandleForWriting.close()
    let words = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, words)
  }

  @Test func `a name that callers choose cannot break the text`() {
    var text = Exposition()
    text.add("weir_x", .gauge, "Of\nlines.", [([("a", "q\"\\\n")], 1.5), ([], .infinity)])
    #expect(text.text == "# HELP weir_x Of\\nlines.\n# TYPE weir_x gauge\nweir_x{a=\"q\\\"\\\\\\n\"} 1.5\nweir_x +Inf\n")
  }
}
