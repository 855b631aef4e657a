import Engine
import TestSupport
import Workflow

/// A job of the sample in the middle: `list` has completed with 5 items and 2 rejects; of `copy`'s 3 tasks the first
/// has completed, the second has failed, and the third runs, has logged, and says how far it is.
struct HalfDone: Sendable {
  let job: Int64
  private let host: Int64
  private let running: ClaimedTask

  init(_ engine: Engine) throws {
    job = try engine.jobs.submit(
      Submission(workflow: "gather", params: Array(#"{"from": "here"}"#.utf8), dedupKey: "half", priority: 7, labels: ["nightly"]),
      by: .system
    ).jobID
    let handlers = ["sample.list", "sample.copy"]
    host = try engine.hosts.register(
      HostIdentity(name: "one", machine: "m", pid: 4, process: "p"), version: "1.0.0", slots: 2,
      offers: handlers.map { Offer(handler: $0, libraryHash: "ab12") })
    let list = try engine.queue.claim(host: host, handlers: handlers, limit: 1)
    _ = try engine.queue.complete([Self.listed(list[0])], host: host)
    let copies = try engine.queue.claim(host: host, handlers: handlers, limit: 3)
    guard copies.count == 3 else { throw HTTPExchange.Failure("\(copies.count) tasks of copy could be claimed, not 3") }
    running = copies[2]
    _ = try engine.queue.complete([Self.copied(copies[0]), Self.crashed(copies[1])], host: host)
    try say(to: engine.journal)
  }

  /// Completes the task that runs; the job ends with it.
  func finish(_ engine: Engine) throws {
    _ = try engine.queue.complete([Completion(task: running, end: .completed, verdict: .completed)], host: host)
  }

  /// The runner of its `copy` ends in so many jobs, at one task of each; the first of these has ended so already.
  func crash(_ engine: Engine, times: Int) throws {
    for _ in 1..<times {
      _ = try engine.jobs.submit(Submission(workflow: "gather", params: Array(#"{"from": "here"}"#.utf8)), by: .system)
      let list = try engine.queue.claim(host: host, handlers: ["sample.list"], limit: 1)
      _ = try engine.queue.complete([Self.listed(list[0])], host: host)
      let copies = try engine.queue.claim(host: host, handlers: ["sample.copy"], limit: 1)
      _ = try engine.queue.complete([Self.crashed(copies[0])], host: host)
    }
  }

  private static func listed(_ task: ClaimedTask) -> Completion {
    var completion = Completion(task: task, end: .completed, verdict: .completed)
    completion.items = Emission(tailCount: 5, tail: Array("\"a\"\n\"b\"\n\"c\"\n\"d\"\n{\"e\": 10.0}\n".utf8))
    let rejects = """
      {"subject": "f", "code": "missing", "message": "f is not there"}
      {"subject": "g", "code": "missing"}

      """
    completion.rejects = Emission(tailCount: 2, tail: Array(rejects.utf8))
    completion.result = #"{"ratio": 0.49, "whole": 10.0}"#
    return completion
  }

  private static func copied(_ task: ClaimedTask) -> Completion {
    var completion = Completion(task: task, end: .completed, verdict: .completed)
    completion.totals = [TotalDelta(kind: .total, name: "bytes", rule: .sum, value: "1024")]
    return completion
  }

  private static func crashed(_ task: ClaimedTask) -> Completion {
    var completion = Completion(task: task, end: .crashed, verdict: .failed)
    completion.message = "sample.copy crashed: SIGSEGV"
    completion.details = #"{"signal": 11}"#
    completion.itemsOfTask = 2
    return completion
  }

  private func say(to journal: Journal) throws {
    try journal.append([
      Journal.Line(stageID: running.stageID, n: 2, attempt: 1, level: 0, message: "looking", fields: nil),
      Journal.Line(stageID: running.stageID, n: 2, attempt: 1, level: 2, message: "slow", fields: #"{"ms": 1.50}"#),
    ])
    try journal.report([Journal.Progress(token: running.token, stageID: running.stageID, n: 2, done: 1, total: 2, note: "half")])
  }
}
