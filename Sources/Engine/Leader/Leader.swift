public import Database

/// Which host does what one host does for all: a lease in the database, on the database's clock.
///
/// Whoever leads may stop without a word: its work must be such that another can go on. What must happen once confirms its term in
/// the transaction that does it.
public final class Leader: Sendable {
  /// A time of leading; no other host leads under the same number.
  public struct Term: Sendable, Hashable {
    public var host: Int64
    public var number: Int64
  }

  private static let role = "leader"

  private let database: Database
  private let lease: Duration

  init(database: Database, lease: Duration) {
    self.database = database
    self.lease = lease
  }

  /// Takes the lead if nobody has it, or keeps it. Nil: another host leads. Ask again within a third of `lease`.
  ///
  /// A host that has ended leads no more, at once; one that says nothing, when its lease has run out.
  public func lead(_ host: Int64) throws -> Term? {
    try database.withConnection { connection in
      let rows = try connection.query(
        """
        INSERT INTO leaders AS l (role, host_id, term, lease_until)
        SELECT \(Self.role), h.id, 1, now() + \(lease.microseconds) * interval '1 microsecond'
        FROM hosts h WHERE h.id = \(host) AND h.ended_at IS NULL
        ON CONFLICT (role) DO UPDATE SET host_id = excluded.host_id, lease_until = excluded.lease_until,
            term = l.term + (l.host_id <> excluded.host_id OR l.lease_until < now())::int
        WHERE l.host_id = excluded.host_id OR l.lease_until < now()
           OR NOT EXISTS (SELECT FROM hosts o WHERE o.id = l.host_id AND o.ended_at IS NULL)
        RETURNING term
        """)
      return try rows.first.map { Term(host: host, number: Int64(try $0.int(0))) }
    }
  }

  /// Whether the term lasts, and will until the transaction ends.
  public func confirm(_ term: Term, in tx: Transaction) throws -> Bool {
    try !tx.query(
      """
      SELECT FROM leaders WHERE role = \(Self.role) AND host_id = \(term.host) AND term = \(term.number)
        AND lease_until > clock_timestamp() FOR SHARE
      """
    ).isEmpty
  }

  /// Leaves the lead to whoever asks next.
  public func resign(_ host: Int64) throws {
    _ = try database.withConnection { connection in
      try connection.execute("UPDATE leaders SET lease_until = '-infinity' WHERE role = \(Self.role) AND host_id = \(host)")
    }
  }
}
