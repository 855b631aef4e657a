public import Database
public import Workflow

/// Who changed what. Every change is recorded in its own transaction: it stands here if and only if it happened.
public final class Audit: Sendable {
  private let database: Database

  init(database: Database) {
    self.database = database
  }

  /// Records a change in the transaction that makes it.
  /// - Parameters:
  ///   - action: KIND.VERB, such as `job.cancel`.
  ///   - subject: KIND/ID, such as `job/42`, `token/nightly`, `handler/ingest.copy`.
  ///   - details: what else is worth knowing, never a secret and never the parameters of a job.
  public static func record(
    _ actor: Actor, _ action: String, subject: String, details: JSON? = nil, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO app.audit (actor, role, via, action, subject, details)
      VALUES (\(actor.name), \(actor.role.rawValue), \(actor.via.rawValue), \(action), \(subject), \(details?.serialized())::jsonb)
      """)
  }

  /// Which changes to list; nil is any.
  public struct Filter: Sendable {
    public var actor: String?
    public var action: String?
    public var subject: String?
    public var via: Actor.Via?
    /// Seconds from the epoch; changes at that time or later.
    public var since: Double?
    /// Seconds from the epoch; changes before.
    public var until: Double?
    /// From a page before.
    public var after: Int64?
    public var limit: Int

    public init(
      actor: String? = nil, action: String? = nil, subject: String? = nil, via: Actor.Via? = nil, since: Double? = nil,
      until: Double? = nil, after: Int64? = nil, limit: Int = 50
    ) {
      self.actor = actor
      self.action = action
      self.subject = subject
      self.via = via
      self.since = since
      self.until = until
      self.after = after
      self.limit = limit
    }
  }

  /// Changes, newest first.
  public func entries(_ filter: Filter = Filter()) throws -> Page<AuditEntry> {
    try database.withConnection { connection in
      let rows = try connection.query(
        """
        SELECT id, \(raw: Views.time("at")), actor, role, via, action, subject, details FROM app.audit
        WHERE \(raw: Self.conditions(filter)) ORDER BY id DESC LIMIT \(filter.limit + 1)
        """)
      var entries = try rows.map { try AuditEntry($0) }
      let hasMore = entries.count > filter.limit
      if hasMore { entries.removeLast() }
      return Page(elements: entries, next: hasMore ? entries.last.map { "\($0.id)" } : nil)
    }
  }

  // What is not asked for does not stand in the statement: so each kind of question keeps the index that fits it.
  private static func conditions(_ filter: Filter) -> SQL {
    var conditions: SQL = "true"
    if let actor = filter.actor { conditions = "\(raw: conditions) AND actor = \(actor)" }
    if let action = filter.action { conditions = "\(raw: conditions) AND action = \(action)" }
    if let subject = filter.subject { conditions = "\(raw: conditions) AND subject = \(subject)" }
    if let via = filter.via { conditions = "\(raw: conditions) AND via = \(via.rawValue)" }
    if let since = filter.since { conditions = "\(raw: conditions) AND at >= to_timestamp(\(since))" }
    if let until = filter.until { conditions = "\(raw: conditions) AND at < to_timestamp(\(until))" }
    if let after = filter.after { conditions = "\(raw: conditions) AND id < \(after)" }
    return conditions
  }
}
