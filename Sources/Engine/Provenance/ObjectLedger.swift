public import Database

/// Which objects were written for which collection: what may be taken back, and nothing else.
public final class ObjectLedger: Sendable {
  /// Keys in one row: a row is read as a whole.
  private static let most = 1_000

  private let database: Database

  public init(database: Database) { self.database = database }

  /// One object as a copy left it.
  public struct Placed: Sendable {
    public var key: String
    /// Of what was written; nil when the object was there already.
    public var etag: String?
    public var size: Int

    public init(key: String, etag: String?, size: Int) {
      self.key = key
      self.etag = etag
      self.size = size
    }
  }

  /// Objects that are about to be written; ended by `end`.
  public struct Entry: Sendable {
    fileprivate let ids: [Int64]
    fileprivate let keys: [[String]]
  }

  /// Notes keys before anything is written under them. An entry that is never ended, since its host died, leaves its
  /// objects to be told by their time.
  ///
  /// Not waited for on disk: whatever ends the task waits, and until then a crash of the server leaves an object too many.
  public func begin(_ keys: [String], collection: String, container: String, by origin: Origin) throws -> Entry {
    let parts = stride(from: 0, to: keys.count, by: Self.most).map { Array(keys[$0..<min($0 + Self.most, keys.count)]) }
    let ids = try parts.map { part in
      let sorted = part.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      return try database.withConnection { connection in
        Int64(
          try connection.query(
            """
            INSERT INTO app.object_writes (collection, container, first_key, last_key, keys, \(raw: Origin.columns))
            SELECT \(collection)::text, \(container)::text, \(sorted[0])::text, \(sorted[sorted.count - 1])::text, \(part)::text[],
                \(raw: origin.values)
            FROM set_config('synchronous_commit', 'off', true)
            RETURNING id
            """
          ).one().int(0))
      }
    }
    return Entry(ids: ids, keys: parts)
  }

  /// Stores what came of it; keys that are not among `placed` failed. Where nothing was written and the collection is known to
  /// need just these keys, no row is kept: a repeat of an ingest leaves nothing.
  public func end(_ entry: Entry, _ placed: [Placed]) throws {
    let byKey = Dictionary(placed.map { (ExactText($0.key), $0) }) { first, _ in first }
    for (id, keys) in zip(entry.ids, entry.keys) {
      let there = keys.compactMap { byKey[ExactText($0)] }
      try database.withConnection { connection in
        if !there.contains(where: { $0.etag != nil }), try forget(id, there, on: connection) { return }
        try connection.execute(
          """
          UPDATE app.object_writes SET keys = \(there.map(\.key))::text[], etags = \(there.map(\.etag))::text[],
              sizes = \(there.map(\.size))::bigint[]
          FROM set_config('synchronous_commit', 'off', true) WHERE id = \(id)
          """)
      }
    }
  }

  private func forget(_ id: Int64, _ there: [Placed], on connection: Connection) throws -> Bool {
    try connection.execute(
      """
      DELETE FROM app.object_writes w WHERE w.id = \(id) AND (\(there.isEmpty) OR EXISTS (
          SELECT FROM app.object_writes o
          WHERE o.container = w.container AND o.first_key = w.first_key AND o.last_key = w.last_key
            AND o.collection = w.collection AND o.id <> w.id AND o.etags IS NOT NULL AND o.keys = \(there.map(\.key))::text[]))
      """) > 0
  }
}
