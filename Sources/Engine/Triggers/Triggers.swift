import Database
import Workflow

/// Workflows that start when something happens.
public final class Triggers: Sendable {
  let database: Database
  let jobs: Jobs

  init(database: Database, jobs: Jobs) {
    self.database = database
    self.jobs = jobs
  }

  /// All there are, by name.
  public func list() throws -> [TriggerView] {
    try database.withConnection {
      try $0.query("SELECT \(raw: TriggerView.columns) FROM triggers t ORDER BY name").map { try TriggerView($0) }
    }
  }

  /// - Throws: `.noTrigger`.
  public func trigger(_ name: String) throws -> TriggerView {
    try database.transaction(access: .readOnly) { try view(name, in: $0) }
  }

  func view(_ name: String, in tx: Transaction) throws -> TriggerView {
    guard let row = try tx.query("SELECT \(raw: TriggerView.columns) FROM triggers t WHERE name = \(name)").first else {
      let known = try tx.query("SELECT name FROM triggers ORDER BY name LIMIT 50").map { try $0.string(0) }
      throw EngineError(.noTrigger(known: known), subject: name)
    }
    return try TriggerView(row)
  }

  /// What became of its events, the latest first.
  /// - Parameter after: "next" of the page before.
  public func events(_ name: String, after: Int64? = nil, limit: Int = 50) throws -> Page<TriggerEventView> {
    try database.transaction(access: .readOnly) { tx in
      let id = try view(name, in: tx).id
      let rows = try tx.query(
        """
        SELECT subject, \(raw: Views.time("happened_at")), outcome, why, job_id, \(raw: Views.time("decided_at")), id FROM trigger_events
        WHERE trigger_id = \(id) AND id < coalesce(\(after), 9223372036854775807) ORDER BY id DESC LIMIT \(limit + 1)
        """)
      let events = try rows.prefix(limit).map { row in
        TriggerEventView(
          subject: try row.string(0), happenedAt: try row.string(1), outcome: try row.string(2), why: try row.stringOrNil(3),
          jobID: try row.intOrNil(4).map { Int64($0) }, decidedAt: try row.string(5))
      }
      return Page(elements: events, next: rows.count > limit ? try String(rows[limit - 1].int(6)) : nil)
    }
  }

  static func actor(_ name: String) -> Actor { Actor(name: "trigger \(name)", role: .operator, via: .system) }
}
