import Database
import Workflow

/// How many tasks may run at a time over all hosts, and how many may begin in a while, by handler and by named resource.
///
/// A task holds its handler, with weight 1, and the resources that its handler names; what it holds stands on its lease and ends with it.
public final class Limits: Sendable {
  let database: Database

  init(database: Database) { self.database = database }

  /// All there are, by name, with what is in use now.
  public func list() throws -> [LimitView] {
    try database.transaction(access: .readOnly) { tx in
      let uses = try tx.query(
        """
        SELECT l.name, u.handler, u.weight FROM limits l JOIN resources u ON u.resource = l.name
        UNION ALL SELECT l.name, d.name, 1 FROM limits l JOIN (SELECT DISTINCT name FROM handlers) d ON d.name = l.name
        ORDER BY 1, 2
        """)
      var handlers: [String: [(name: String, weight: Int)]] = [:]
      for row in uses { handlers[try row.string(0), default: []].append((try row.string(1), try row.int(2))) }
      return try tx.query(
        """
        SELECT l.name, l.concurrency, l.rate_count, l.rate_seconds, l.burst, l.origin, \(raw: Limits.inUse("l.name")),
               \(raw: Limits.tokens), \(raw: Views.time("l.changed_at"))
        FROM limits l ORDER BY l.name
        """
      ).map { row in
        let name = try row.string(0)
        return LimitView(
          name: name, settings: try Self.settings(row, from: 1), origin: try row.string(5), inUse: try row.int(6),
          available: try row.isNull(2) ? nil : row.double(7), handlers: handlers[name] ?? [], changedAt: try row.string(8))
      }
    }
  }

  /// Of these handlers, those that a limit keeps from beginning another task now, each with that limit's name.
  static func reached(by handlers: some Collection<String>, in tx: Transaction) throws -> [String: String] {
    guard !handlers.isEmpty else { return [:] }
    let rows = try tx.query(reachedBy(Array(handlers)))
    var reached: [String: String] = [:]
    for row in rows { reached[try row.string(0)] = try row.string(1) }
    return reached
  }

  /// A SELECT of what `reached(by:in:)` answers: `handler` and `name`.
  static func reachedBy(_ handlers: [String]) -> SQL {
    """
    SELECT handler, min(name) AS name FROM (
        SELECT u.handler, l.*, u.weight, \(raw: Limits.inUse("l.name")) AS used, \(raw: Limits.tokens) AS available
        FROM limits l JOIN (
            SELECT handler, resource AS name, weight FROM resources WHERE handler = ANY(\(handlers)::text[])
            UNION ALL SELECT handler, handler, 1 FROM unnest(\(handlers)::text[]) AS h (handler)) u ON u.name = l.name) AS held
    WHERE NOT (\(raw: Limits.hasRoom)) GROUP BY handler
    """
  }

  /// As `reached(by:in:)`, in a transaction of its own.
  public func reached(by handlers: some Collection<String>) throws -> [String: String] {
    try database.transaction(access: .readOnly) { try Self.reached(by: handlers, in: $0) }
  }

  /// Whether something limits the handler: two looks into indexes that are empty where there is no limit.
  static func limits(_ handler: SQL) -> SQL {
    """
    (EXISTS (SELECT FROM limits WHERE name = \(raw: handler)) OR EXISTS (
        SELECT FROM resources u JOIN limits l ON l.name = u.resource WHERE u.handler = \(raw: handler)))
    """
  }

  /// The weight that leases hold of a limit.
  static func inUse(_ name: SQL) -> SQL {
    """
    (SELECT coalesce(sum(h.weight), 0) FROM leases held CROSS JOIN LATERAL unnest(held.holds, held.weights) AS h (name, weight)
     WHERE held.holds IS NOT NULL AND h.name = \(raw: name))
    """
  }

  /// What may begin of a limit `l` now; the clock is the database's, and a lock may have been waited for.
  static let tokens: SQL = """
    least(l.burst, l.tokens + greatest(extract(epoch FROM clock_timestamp() - l.counted_at), 0) * l.rate_count / l.rate_seconds)::float8
    """

  /// Whether one task more may begin, of `weight`, where `used` and `available` are as above. What is heavier than a whole limit
  /// runs alone.
  private static let hasRoom: SQL = """
    (concurrency IS NULL OR concurrency > 0 AND (used = 0 OR used + weight <= concurrency))
    AND (rate_count IS NULL OR available >= least(weight, burst))
    """

  static func settings(_ row: Row, from column: Int) throws -> LimitSettings {
    let rate = try row.intOrNil(column + 1).flatMap { RateLimit(count: $0, seconds: try row.int(column + 2)) }
    return LimitSettings(concurrency: try row.intOrNil(column), rate: rate, burst: try row.intOrNil(column + 3))
  }
}
