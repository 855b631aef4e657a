import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Adjusting a job` {
  let desk: Desk
  private var control: Control { desk.engine.control }

  init() throws { desk = try Desk() }

  @Test func `another priority counts from the next claim on`() throws {
    let first = try desk.job(Sample.array(), params: Sample.list(3))
    let second = try desk.submit(Sample.list(3), priority: 5)
    let tasks = try desk.claim(1)
    #expect(tasks.map(\.stageID) == [try desk.stage(second, "a").key])
    #expect(try control.prioritize(first, 9, by: .olga) == 0)
    let next = try desk.claim(1)
    #expect(next.map(\.stageID) == [try desk.stage(first, "a").key])
    #expect(try desk.job(first).priority == 9)
    try desk.complete((tasks + next).map { $0.done() })
    try desk.work()
    #expect(throws: EngineError.self) { try control.prioritize(first, 1, by: .olga) }
    let entry = try #require(try desk.engine.audit.entries(Audit.Filter(action: "job.priority")).elements.first)
    #expect(entry.details?.text == #"{"to": 9, "from": 0}"#)
  }

  @Test func `labels are added, taken away and looked for`() throws {
    let one = try desk.job(Sample.one)
    let two = try desk.submit()
    #expect(try control.label(one, add: ["b", "a", "a"], by: .olga) == ["a", "b"])
    #expect(try control.label(two, add: ["b"], by: .olga) == ["b"])
    func found(_ labels: [String]) throws -> [Int64] { try desk.engine.views.jobs(Views.JobFilter(labels: labels)).elements.map(\.id) }
    #expect(try found(["b"]) == [two, one] && found(["a", "b"]) == [one] && found(["c"]).isEmpty && found([]) == [two, one])
    #expect(try control.label(one, remove: ["a", "z"], by: .olga) == ["b"])
    #expect(try found(["a"]).isEmpty)
    #expect(throws: EngineError.self) { try control.label(one, add: (0..<40).map(String.init), by: .olga) }
    // as a host of the version before writes it
    try desk.execute("UPDATE jobs SET labels = '{}', label = 'old' WHERE id = \(two)")
    #expect(try found(["old"]) == [two] && desk.job(two).labels == ["old"])
    #expect(try control.label(two, add: ["new"], by: .olga) == ["new", "old"])
  }
}
