import Database
import Engine
import TestSupport
import Workflow

extension TestTemplate {
  /// A database with Weir's own tables.
  static let engine = TestTemplate("engine") { database in
    _ = try Migrator(database, migrations: Installation.migrations).migrate()
  }
}

/// An engine on a database of a test's own, with a host that offers `test.*` handlers and does what the test says.
final class Desk: Sendable {
  static let handlers = ["test.a", "test.b", "test.c"]

  let own: TestDatabase
  let engine: Engine
  let host: Int64

  init(lease: Duration = .seconds(30), quarantineAfter: Int = 20) throws {
    own = try TestDatabase.make(.engine) { $0.settings = Engine.settings }
    engine = Engine(database: own.database, lease: lease, quarantineAfter: quarantineAfter)
    try engine.catalog.put(Desk.handlers.map { Desk.known($0, isIdempotent: $0 != "test.c") })
    host = try engine.hosts.register(
      HostIdentity(name: "here", machine: "m", pid: 1, process: "1"), version: "1", slots: 2,
      offers: Desk.handlers.map { Offer(handler: $0, libraryHash: "h") })
  }

  static func known(_ name: String, isIdempotent: Bool = true) -> KnownHandler {
    KnownHandler(
      name: name, libraryHash: "h", plugin: "test", pluginVersion: "1.0.0", version: "1.0.0",
      description: HandlerDescription(name: name, isIdempotent: isIdempotent).json)
  }

  /// Keeps a workflow `w` with these stages.
  func put(_ stages: String, name: String = "w", parameters: String = #"{"type": "object"}"#) throws {
    let text = #"{"name": "\#(name)", "parameters": \#(parameters), "stages": \#(stages)}"#
    try engine.catalog.put(WorkflowDefinition.load(bytes: Array(text.utf8), file: "w.json").get(), text: text)
  }

  func submit(_ params: String = "{}", workflow: String = "w", priority: Int = 0, dedupKey: String? = nil) throws -> Int64 {
    try engine.jobs.submit(
      Submission(workflow: workflow, params: Array(params.utf8), dedupKey: dedupKey, priority: priority), by: .system
    ).jobID
  }

  /// Keeps a workflow and submits a job of it.
  func job(_ stages: String, params: String = "{}", priority: Int = 0) throws -> Int64 {
    try put(stages)
    return try submit(params, priority: priority)
  }

  func claim(_ limit: Int = 1_000_000, of handlers: [String] = Desk.handlers) throws -> [ClaimedTask] {
    try engine.queue.claim(host: host, handlers: handlers, limit: Claimable(limit))
  }

  @discardableResult
  func complete(_ completions: [Completion]) throws -> CompletionAnswer {
    try engine.queue.complete(completions, host: host)
  }

  /// Claims and completes until nothing is due; `what` says how each task ends.
  func work(_ what: (ClaimedTask) -> Completion = { $0.done() }) throws {
    while case let tasks = try claim(2_000), !tasks.isEmpty { try complete(tasks.map(what)) }
  }

  func job(_ id: Int64) throws -> JobView { try engine.views.job(id) }

  func stage(_ job: Int64, _ name: String) throws -> StageView {
    guard let stage = try engine.views.job(job).stages.first(where: { $0.id == name }) else {
      throw EngineError(.noStage(known: []), subject: name)
    }
    return stage
  }

  func items(_ kind: ItemKind = .item, _ job: Int64, _ stage: String) throws -> [String] {
    try engine.views.items(kind, job: job, stage: stage, limit: 1_000_000).elements.map(\.text)
  }

  func number(_ sql: SQL) throws -> Int {
    try own.database.withConnection { try $0.query(sql).one().int(0) }
  }

  func execute(_ sql: SQL) throws {
    _ = try own.database.withConnection { try $0.execute(sql) }
  }

  /// Whether the counters say what the rows of `ready`, `leases` and `attempts` say.
  func countersHold(_ stageID: Int64) throws -> Bool {
    try own.database.withConnection { connection in
      try connection.query(
        """
        SELECT c.queued = (SELECT count(*) FROM ready WHERE stage_id = c.stage_id AND failures = 0)
           AND c.retrying = (SELECT count(*) FROM ready WHERE stage_id = c.stage_id AND failures > 0)
           AND c.running = (SELECT count(*) FROM leases WHERE stage_id = c.stage_id)
           AND c.completed = (SELECT count(*) FROM attempts WHERE stage_id = c.stage_id AND final AND outcome = 'completed')
           AND c.failed = (SELECT count(*) FROM attempts
                           WHERE stage_id = c.stage_id AND final AND outcome NOT IN ('completed', 'cancelled'))
           AND c.items = (SELECT coalesce(sum(count), 0) FROM item_ranges WHERE stage_id = c.stage_id AND kind = 0)
           AND c.rejects = (SELECT coalesce(sum(count), 0) FROM item_ranges WHERE stage_id = c.stage_id AND kind = 1)
           AND c.expanded = c.queued + c.retrying + c.running + c.completed + c.failed + c.cancelled
        FROM stage_counters c WHERE c.stage_id = \(stageID)
        """
      ).one().bool(0)
    }
  }
}

extension ClaimedTask {
  func done(_ result: String? = nil, items: [String] = [], rejects: Int = 0, totals: [TotalDelta] = []) -> Completion {
    var completion = Completion(task: self, end: .completed, verdict: .completed)
    completion.result = result
    completion.items = Emission(tailCount: items.count, tail: items.flatMap { Array("\($0)\n".utf8) })
    let reject = Array(#"{"subject":"s","code":200,"message":"bad"}"#.utf8) + [10]
    completion.rejects = Emission(tailCount: rejects, tail: (0..<rejects).flatMap { _ in reject })
    completion.totals = totals
    return completion
  }

  func failed(_ message: String = "it failed", items: Int = 1) -> Completion {
    var completion = Completion(task: self, end: .failed, verdict: .failed)
    completion.message = message
    completion.itemsOfTask = items
    return completion
  }

  func again(_ end: AttemptEnd = .failed, after delay: Duration = .zero, isCounted: Bool = true) -> Completion {
    Completion(task: self, end: end, verdict: .again(after: delay, isCounted: isCounted))
  }

  func cancelled() -> Completion { Completion(task: self, end: .cancelled, verdict: .cancelled) }
}

/// Stages that tests use again and again.
enum Sample {
  static let one = #"[{"id": "a", "handler": "test.a"}]"#
  static let chain = #"""
    [{"id": "a", "handler": "test.a"}, {"id": "b", "handler": "test.b", "needs": ["a"]},
     {"id": "c", "handler": "test.c", "needs": ["b"]}]
    """#

  /// One stage over the numbers from 0, given as the parameter `list`.
  static func array(_ more: String = "") -> String {
    #"""
    [{"id": "a", "handler": "test.a", "for_each": {"array": "${params.list}"}, "params": {"x": "${item}"}\#(more)}]
    """#
  }

  /// A stage that emits, and one over its items.
  static func fan(batch: String = "", more: String = "") -> String {
    #"""
    [{"id": "a", "handler": "test.a"},
     {"id": "b", "handler": "test.b", "needs": ["a"], "for_each": {"items_of": "a"\#(batch)}\#(more),
      "params": {"x": "${\#(batch.isEmpty ? "item" : "items")}"}}]
    """#
  }

  static func list(_ count: Int) -> String { #"{"list": [\#((0..<count).map(String.init).joined(separator: ","))]}"# }
}
