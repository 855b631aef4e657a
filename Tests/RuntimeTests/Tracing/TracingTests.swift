import Database
import Engine
import Foundation
import Logging
import Storage
import TestSupport
import Testing
import Workflow

@testable import Runtime

@Suite struct `Spans` {
  private static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
  private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  private static let request = #"[{"id": "ask", "handler": "scripted.http", "params": {"requests": "${params.requests}"}}]"#

  private static func target(_ url: String, ratio: Double = 1) throws -> SpanTarget {
    try SpanTarget(TraceSetting(endpoint: "\(url)/v1/traces", ratio: ratio), credentials: [:], environment: [:], host: "here", version: "1")
  }

  private func run(_ house: House, collector: String?, ratio: Double = 1, asking server: ScriptedServer, traceparent: String?) throws
    -> Int64
  {
    let plugin = try house.plugin("Scripted", House.scripted, grants: HTTPHouse.grants())
    var parts = HostRuntime.Parts(
      engine: house.engine, stac: Stac(database: house.own.database), plugins: [plugin], containers: try house.workshop.containers,
      http: HTTPHouse.configuration(), runners: house.workshop.runners, slots: 1, version: "1", logger: Self.quiet)
    parts.spans = try collector.map { try Self.target($0, ratio: ratio) }
    let host = try HostRuntime(parts) {}
    let text = #"{"name": "w", "parameters": {"type": "object"}, "stages": \#(Self.request)}"#
    try house.engine.catalog.put(WorkflowDefinition.load(bytes: Array(text.utf8), file: "w.json").get(), text: text)
    let job = try house.engine.jobs.submit(
      Submission(workflow: "w", params: Array(#"{"requests": [{"url": "\#(server.url)/"}]}"#.utf8), traceparent: traceparent), by: .system
    ).jobID
    #expect(try house.finished(job).state == .completed, "\(house.said(job, "ask"))")
    host.stop()
    return job
  }

  private static func spans(_ collector: ScriptedServer) throws -> [JSON] {
    try collector.requests.flatMap { request in
      let spans = try JSON(parsing: request.body)["resourceSpans"]?[0]?["scopeSpans"]?[0]?["spans"]
      return spans?.arrayValue ?? []
    }
  }

  @Test func `go from who submits a job through its handlers to the servers that they ask`() async throws {
    let house = try House()
    let (server, collector) = (ScriptedServer { _ in .http(200, [], "{}") }, ScriptedServer { _ in .http(200, [], "{}") })
    try await onOwnThread {
      let job = try run(house, collector: collector.url, asking: server, traceparent: Self.parent)
      let trace = try #require(TraceContext(traceparent: Self.parent)).trace
      let attempt = TraceID.hexadecimal(JobTrace.span(ofStage: "ask", n: 0, attempt: 1, trace))
      #expect(server.requests.first?.header("traceparent") == "00-\(trace.text)-\(attempt)-01")
      // a job's span is sent by the leader, a little after its end
      try house.own.database.withConnection { connection in
        _ = try connection.execute("UPDATE jobs SET finished_at = finished_at - interval '11 seconds'")
        _ = try connection.execute("UPDATE trace_marks SET at = now() - interval '10 minutes'")
      }
      let exporter = SpanExporter(try Self.target(collector.url), logger: Self.quiet)
      Threads.start { exporter.work() }
      Tracer(exporter: exporter, ratio: 1).ended(try house.engine.traces.ended())
      exporter.stop()
      let spans = try Self.spans(collector)
      func parts(_ span: JSON) -> String {
        ["name", "traceId", "spanId", "parentSpanId"].map { span[$0]?.stringValue ?? "-" }.joined(separator: " ")
      }
      let (jobSpan, stage) = (TraceID.hexadecimal(JobTrace.span(ofJob: trace)), TraceID.hexadecimal(JobTrace.span(ofStage: "ask", trace)))
      #expect(
        Set(spans.map(parts)) == [
          "task scripted.http \(trace.text) \(attempt) \(stage)", "stage ask \(trace.text) \(stage) \(jobSpan)",
          "job w \(trace.text) \(jobSpan) 00f067aa0ba902b7",
        ])
      let first = try #require(spans.first)
      #expect(
        first["attributes"]?.arrayValue?.contains(["key": "weir.task.id", "value": ["stringValue": .string("\(job)/ask/0")]]) == true)
      #expect(collector.requests.allSatisfy { $0.line == "POST /v1/traces HTTP/1.1" && $0.header("content-type") == "application/json" })
    }
    for request in collector.requests {
      let (status, words) = try await onOwnThread { try Self.check(request.body) }
      #expect(status == 0 && words.split(separator: "\n").allSatisfy { $0.hasPrefix("weir ") && $0.hasSuffix(" 1 1") }, "\(words)")
    }
    server.stop()
    collector.stop()
  }

  /// As the published messages of OTLP read it.
  private static func check(_ body: [UInt8]) throws -> (Int32, String) {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let python = folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(
      path: ".venv/bin/python")
    try #require(FileManager.default.isExecutableFile(atPath: python.path), "there is no \(python.path): run `make setup`")
    let process = Process()
    process.executableURL = python
    process.arguments = [folder.appending(path: "otlp_check.py").path]
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput, process.standardError) = (input, output, output)
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(body))
    try input.fileHandleForWriting.close()
    let words = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: words, as: UTF8.self))
  }

  @Test func `are not made of jobs that are not sampled`() async throws {
    let house = try House()
    let (server, collector) = (ScriptedServer { _ in .http(200, [], "{}") }, ScriptedServer { _ in .http(200) })
    try await onOwnThread {
      _ = try run(house, collector: collector.url, ratio: 0, asking: server, traceparent: nil)
      #expect(collector.requests.isEmpty)
      // whoever goes on with the trace is told so
      #expect(server.requests.first?.header("traceparent")?.hasSuffix("-00") == true)
    }
    server.stop()
    collector.stop()
  }

  @Test(arguments: [nil, parent]) func `without a collector the trace that was given goes through, and no other is made`(given: String?)
    async throws
  {
    let house = try House()
    let server = ScriptedServer { _ in .http(200, [], "{}") }
    try await onOwnThread {
      _ = try run(house, collector: nil, asking: server, traceparent: given)
      #expect(server.requests.count == 1 && server.requests[0].header("traceparent") == given)
    }
    server.stop()
  }

  @Test func `that find no room, or that a collector refuses, are dropped and counted`() async throws {
    let collector = ScriptedServer { _ in .http(400) }
    try await onOwnThread {
      let context = JobTrace(jobID: 1, createdAt: 1).context(ratio: 1)
      let span = Span(context: context, id: 1, parent: nil, name: "a", start: 1, end: 2, attributes: [], error: nil)
      let away = SpanExporter(try Self.target("http://127.0.0.1:1"), logger: Self.quiet)
      for _ in 0..<SpanExporter.room + 7 { away.add(span) }
      Threads.start { away.work() }
      away.stop()
      #expect(away.counts.dropped == 7 && away.counts.exported == 0)
      let refused = SpanExporter(try Self.target(collector.url), logger: Self.quiet)
      for _ in 0..<SpanExporter.batch + 1 { refused.add(span) }
      Threads.start { refused.work() }
      refused.stop()
      #expect(refused.counts.dropped == SpanExporter.batch + 1 && collector.requests.count == 2)
    }
    collector.stop()
  }

  @Test func `go nowhere that the configuration does not name`() {
    #expect(throws: Problem.self) { try Self.target("http://user@127.0.0.1") }
    do {
      _ = try SpanTarget(
        TraceSetting(endpoint: "https://c.example.org/v1/traces", auth: "key"), credentials: [:], environment: [:], host: "h", version: "1")
      Issue.record("it was made")
    } catch {
      #expect(error.message == "auth: the configuration names no \"key\" under \"http_credentials\".")
    }
  }
}
