internal import Database
internal import Workflow

/// Some of the objects that a collection needs, as the ledger knows them.
///
/// "etag" is what Weir wrote last under that key, null if it wrote nothing; "since" is a time in UTC from which on a host that
/// died may have written it, null mostly; "shared_with" is another registered collection that needs the object.
/// A key comes as often as ingests needed it.
struct ObjectPage {
  /// Rows of the ledger; each has at most 1,000 keys.
  private static let mostRows = 8

  private struct Knowledge {
    var writtenIn: Int64 = 0
    var etag: String?
    var since: String?
    var others: Set<String> = []
  }

  let json: JSON

  init(_ collection: String, after: Int64, in database: Database) throws {
    let rows = try database.withConnection { connection in
      try connection.query(
        """
        SELECT id, container, keys, sizes FROM app.object_writes
        WHERE collection = \(collection) AND id > \(after) ORDER BY id LIMIT \(Self.mostRows)
        """
      ).map { (id: Int64(try $0.int(0)), container: try $0.string(1), keys: try $0.strings("keys")) }
    }
    var objects: [JSON] = []
    for (container, group) in Dictionary(grouping: rows, by: \.container).sorted(by: { $0.key < $1.key }) {
      let keys = group.flatMap(\.keys)
      let known = try Self.known(keys, in: container, for: collection, database)
      for key in keys {
        let knowledge = known[ExactText(key)] ?? Knowledge()
        objects.append([
          "container": .string(container), "key": .string(key), "etag": knowledge.etag.map(JSON.string) ?? .null,
          "since": knowledge.since.map(JSON.string) ?? .null,
          "shared_with": knowledge.others.min().map(JSON.string) ?? .null,
        ])
      }
    }
    json = ["objects": .array(objects), "next": rows.count == Self.mostRows ? .string("\(rows[rows.count - 1].id)") : .null]
  }

  /// Whatever rows of any collection say of these keys. Rows whose keys lie elsewhere are not read.
  private static func known(
    _ keys: [String], in container: String, for collection: String, _ database: Database
  ) throws -> [ExactText: Knowledge] {
    let sorted = keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard let first = sorted.first, let last = sorted.last else { return [:] }
    let rows = try database.withConnection { connection in
      try connection.query(
        """
        SELECT w.id, w.collection, u.key, u.etag, w.collection <> \(collection) AND EXISTS (
                SELECT FROM pgstac.collections c WHERE c.id = w.collection) AS is_other,
            CASE WHEN w.etags IS NULL THEN to_char(w.began_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END AS since
        FROM app.object_writes w, LATERAL unnest(w.keys, w.etags) AS u (key, etag),
            (SELECT DISTINCT key FROM unnest(\(keys)::text[]) AS k (key)) AS k
        WHERE w.container = \(container) AND w.first_key <= \(last) AND w.last_key >= \(first) AND u.key = k.key
        """
      ).map { $0 }
    }
    var known: [ExactText: Knowledge] = [:]
    for row in rows {
      let (key, id) = (ExactText(try row.string("key")), Int64(try row.int("id")))
      var knowledge = known[key] ?? Knowledge()
      if let etag = try row.stringOrNil("etag"), id > knowledge.writtenIn { (knowledge.etag, knowledge.writtenIn) = (etag, id) }
      if let since = try row.stringOrNil("since") { knowledge.since = min(since, knowledge.since ?? since) }
      if try row.bool("is_other") { knowledge.others.insert(try row.string("collection")) }
      known[key] = knowledge
    }
    return known
  }
}
