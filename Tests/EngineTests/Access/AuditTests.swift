import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `The audit` {
  let desk: Desk

  init() throws { desk = try Desk() }

  private let anna = Actor(name: "anna", role: .operator, via: .cli)

  @Test func `tells who submitted and cancelled a job, when, and by which way`() throws {
    try desk.put(Sample.one)
    let job = try desk.engine.jobs.submit(
      Submission(workflow: "w", params: Array(#"{"password": "hunter2"}"#.utf8), labels: ["nightly"]), by: anna
    ).jobID
    try desk.engine.control.cancel(job, by: Actor(name: "bert", role: .admin, via: .page))
    let entries = try desk.engine.audit.entries().elements
    #expect(entries.map(\.action) == ["job.cancel", "job.submit"])
    #expect(entries.map(\.subject) == ["job/\(job)", "job/\(job)"])
    #expect(entries[0].actor == Actor(name: "bert", role: .admin, via: .page))
    #expect(entries[1].actor == anna)
    #expect(entries[1].details?.text == #"{"labels": ["nightly"], "version": 1, "workflow": "w"}"#)
    #expect(entries[0].at.hasSuffix("Z") && entries[0].details?.text == #"{"stop": "asking"}"#)
    #expect(!entries.map(\.json).map { $0.serialized() }.joined().contains("hunter2"))
  }

  @Test func `has no entry for what changed nothing`() throws {
    try desk.put(Sample.one)
    for _ in 0..<2 { _ = try desk.submit(dedupKey: "once") }
    let job = try desk.submit()
    for _ in 0..<3 { try desk.engine.control.cancel(job, by: anna) }
    #expect(try desk.engine.audit.entries().elements.map(\.action) == ["job.cancel", "job.submit", "job.submit"])
  }

  @Test func `has no entry for a change that was undone`() throws {
    struct Undone: Error {}
    #expect(throws: Undone.self) {
      try desk.own.database.transaction { tx in
        try Audit.record(anna, "job.pause", subject: "job/1", in: tx)
        throw Undone()
      }
    }
    #expect(try desk.engine.audit.entries().elements.isEmpty)
  }

  @Test func `is listed newest first, by page and filter`() throws {
    try desk.own.database.transaction { tx in
      for n in 1...6 {
        let actor = Actor(name: n % 2 == 0 ? "even" : "odd", role: .operator, via: n < 4 ? .api : .cli)
        try Audit.record(actor, n == 6 ? "job.cancel" : "job.pause", subject: "job/\(n % 3)", details: ["n": JSON(n)], in: tx)
      }
    }
    func found(_ filter: Audit.Filter) throws -> [Int?] {
      try desk.engine.audit.entries(filter).elements.map { $0.details?.parsed()["n"]?.intValue }
    }
    #expect(try found(.init()) == [6, 5, 4, 3, 2, 1])
    #expect(try found(.init(actor: "odd")) == [5, 3, 1])
    #expect(try found(.init(action: "job.cancel")) == [6])
    #expect(try found(.init(subject: "job/1")) == [4, 1])
    #expect(try found(.init(via: .api)) == [3, 2, 1])
    #expect(try found(.init(since: 0, until: 1)) == [])
    #expect(try found(.init(actor: "even", subject: "job/2", via: .api, since: 0)) == [2])
    let first = try desk.engine.audit.entries(.init(limit: 4))
    #expect(try found(.init(after: first.next.flatMap { Int64($0) }, limit: 4)) == [2, 1])
    #expect(try desk.engine.audit.entries(.init(limit: 6)).next == nil)
  }
}
