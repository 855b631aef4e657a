import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `What traces tell of jobs` {
  private static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
  let desk: Desk

  init() throws { desk = try Desk() }

  private func pass() throws {
    try desk.execute("UPDATE jobs SET finished_at = finished_at - interval '11 seconds'")
    try desk.execute("UPDATE trace_marks SET at = at - interval '11 seconds'")
  }

  @Test func `is each job that ended, once, with its stages`() throws {
    #expect(try desk.engine.traces.ended().isEmpty)
    let job = try desk.job(Sample.fan())
    try desk.complete(try desk.claim(1).map { $0.done(items: ["1", "2"]) })
    try desk.work()
    #expect(try desk.engine.traces.ended().isEmpty, "what ended this moment shows a little later")
    try pass()
    let ended = try desk.engine.traces.ended()
    #expect(ended.map(\.trace.jobID) == [job] && ended[0].state == "completed" && ended[0].workflow == "w")
    #expect(ended[0].stages.map { "\($0.name) \($0.tasks) \($0.failed)" } == ["a 1 0", "b 2 0"])
    #expect(ended[0].stages.allSatisfy { $0.openedAt <= $0.finishedAt })
    #expect(try Engine(database: desk.own.database).traces.ended().isEmpty)
  }

  @Test func `has the trace that a job was submitted in, if it was in one`() throws {
    try desk.put(Sample.one)
    for given in [Self.parent, "nonsense", nil] {
      _ = try desk.engine.jobs.submit(Submission(workflow: "w", params: Array("{}".utf8), traceparent: given), by: .system)
    }
    let plans = try desk.claim().map { try #require(try desk.engine.stages.plan($0.stageID)) }.sorted { $0.jobID < $1.jobID }
    #expect(plans.map(\.trace.traceparent) == [Self.parent, nil, nil])
    #expect(plans[1].trace.createdAt > 1_772_323_200_000_000)
  }

  @Test func `loses none of many that ended in one moment`() throws {
    _ = try desk.engine.traces.ended()
    try desk.put(Sample.one)
    for _ in 0..<6 { _ = try desk.submit() }
    try desk.complete(try desk.claim(2).map { $0.done() })
    try pass()
    try desk.work()
    try pass()
    var seen: [Int64] = []
    while case let jobs = try desk.engine.traces.ended(limit: 3), !jobs.isEmpty { seen += jobs.map(\.trace.jobID) }
    #expect(seen.count == Set(seen).count && seen.count >= 5, "\(seen)")
  }
}
