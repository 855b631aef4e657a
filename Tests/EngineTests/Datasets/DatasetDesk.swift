import Database
import Engine
import TestSupport
import Workflow

/// An engine with a schema for curated tables, owned by a role that may do nothing else, and a handler that stands in for the update.
struct DatasetDesk {
  let own: TestDatabase
  let engine: Engine
  let host: Int64
  /// Where the curated tables lie, and schema `geo` as their role sees it.
  let configuration: GuestConfiguration
  let guest: GuestDatabase

  static let workflow = """
    {"name": "curated_dataset_update",
     "parameters": {"type": "object", "required": ["dataset_id", "dataset", "update_type", "force_update", "dry_run"]},
     "stages": [
       {"id": "check_source", "handler": "test.a"},
       {"id": "finalize", "handler": "test.b", "needs": ["check_source"],
        "when": {"equals": ["${stages.check_source.result.needs_update}", true]}}]}
    """

  init() throws {
    own = try TestDatabase.make(.engine) { $0.settings = Engine.settings }
    configuration = try own.makeGuest()
    guest = GuestDatabase(configuration)
    engine = Engine(database: own.database, curated: configuration)
    try engine.catalog.put(Desk.handlers.map { Desk.known($0) })
    host = try engine.hosts.register(
      HostIdentity(name: "here", machine: "m", pid: 1, process: "1"), version: "1", slots: 2,
      offers: Desk.handlers.map { Offer(handler: $0, libraryHash: "h") })
    try engine.catalog.put(
      WorkflowDefinition.load(bytes: Array(Self.workflow.utf8), file: "w.json").get(), text: Self.workflow)
  }

  static func definition(_ id: String = "rivers", table: String? = nil, more: String = "") throws -> DatasetDefinition {
    let text = """
      {"dataset_id": "\(id)", "name": "Rivers", "source_type": "api_bulk_download", "source_url": "https://example.org/rivers.zip", \(more)
       "update_strategy": "full_replace", "target_table_name": "\(table ?? "curated_\(id)")"}
      """
    return try DatasetDefinition.load(bytes: Array(text.utf8), file: "dataset.json").get()
  }

  /// Ends the one task that is due, with this result.
  func end(_ result: String, as end: AttemptEnd = .completed) throws {
    let tasks = try engine.queue.claim(host: host, handlers: Desk.handlers, limit: 1)
    guard let task = tasks.first else { throw EngineError(.noTask, subject: "due") }
    var completion = Completion(task: task, end: end, verdict: end == .completed ? .completed : .failed)
    if end == .completed { completion.result = result }
    _ = try engine.queue.complete([completion], host: host)
  }

  func number(_ sql: SQL) throws -> Int { try own.database.withConnection { try $0.query(sql).one().int(0) } }

  func execute(_ sql: SQL) throws { _ = try own.database.withConnection { try $0.execute(sql) } }

  /// Whether a task is due.
  var isDue: Bool { get throws { try number("SELECT count(*) FROM ready WHERE due_at <= now()") > 0 } }

  /// Runs statements as the role, in one transaction.
  @discardableResult
  func asGuest(_ statements: String...) throws -> [[String?]] {
    let session = try guest.begin(GuestOptions())
    defer { guest.giveBack(session) }
    var answer: [UInt8] = []
    for statement in statements { answer = try session.exec(statement, []) { false }.json }
    try session.end(commits: true) { false }
    let rows = try JSON(parsing: answer)["rows"]?.arrayValue ?? []
    return rows.map { row in (row.arrayValue ?? []).map { $0.stringValue } }
  }

  /// Makes a version of so many rows, as a handler does, and lets readers see it.
  func version(_ number: Int, rows: Int, of dataset: String = "rivers") throws {
    try engine.datasets.tables?.ensure()
    try asGuest(
      "SELECT geo.curated_begin('\(dataset)', 'curated_\(dataset)')",
      "CREATE TABLE geo.curated_\(dataset)_v\(number) AS SELECT n AS id FROM generate_series(1, \(rows)) AS n",
      """
      INSERT INTO geo.curated_versions (dataset_id, version, target_table, source_version, row_count, state)
      VALUES ('\(dataset)', \(number), 'curated_\(dataset)', '1.\(number)', \(rows), 'kept')
      """, "SELECT geo.curated_make_current('\(dataset)', \(number))")
  }

  func rows(_ table: String = "curated_rivers") throws -> Int {
    try Int(asGuest("SELECT count(*) FROM geo.\(table)").first?.first.flatMap { $0 } ?? "") ?? -1
  }
}
