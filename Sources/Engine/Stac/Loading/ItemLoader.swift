internal import Database
internal import Workflow

/// Puts rows into the partitions of one collection, in transactions of at most 1,000 rows.
///
/// Rows go to a temporary table by binary COPY and from there by INSERT ... ON CONFLICT, sorted by partition and id, so
/// that two loaders of the same ids wait for each other and never in a circle. A row that stands there just so is not
/// written. An item whose time moved to another partition is removed from the old one in the same transaction. A row
/// that PostgreSQL refuses is found by halving, and the others go on.
struct ItemLoader {
  static let most = 1000

  let database: Database
  let target: LoadTarget
  /// Who puts them; nil leaves them without provenance.
  var origin: Origin?
  let cancel: @Sendable () -> Bool

  /// - Throws: `StacError.cancelled`; what PostgreSQL refuses is in the report.
  func load(_ rows: ArraySlice<ItemRow>, _ report: inout StacReport) throws {
    if rows.isEmpty { return }
    if cancel() { throw StacError(.cancelled, "collection \"\(target.collection)\"") }
    do {
      let written = try loadRetrying(rows)
      report.written += written
      report.unchanged += rows.count - written
    } catch let problem as DatabaseError {
      let status = StacError.Status(of: problem)
      if rows.count > 1 && Self.isOfOneRow(problem) {
        let middle = rows.startIndex + rows.count / 2
        try load(rows[..<middle], &report)
        return try load(rows[middle...], &report)
      }
      report.failed += rows.map {
        StacReport.Failure(index: $0.index, id: $0.id, status: status, message: problem.message, pointer: nil)
      }
    }
  }

  /// Whether the others may well go in without it: bad values and broken limits; 23503 is the collection, gone meanwhile.
  private static func isOfOneRow(_ problem: DatabaseError) -> Bool {
    if Retry.isPassing(problem) || problem.sqlstate == "23503" { return false }
    return ["22", "23", "54", "XX"].contains(problem.sqlstate?.prefix(2) ?? "")
  }

  private func loadRetrying(_ rows: ArraySlice<ItemRow>) throws -> Int {
    try Retry.run(cancel: cancel) {
      let batch = try LoadBatch(rows, target, database)
      return try database.transaction { transaction in try put(batch, transaction) }
    }
  }

  private func put(_ batch: LoadBatch, _ transaction: Transaction) throws -> Int {
    try transaction.executeScript(
      """
      CREATE TEMPORARY TABLE IF NOT EXISTS weir_items (part integer, id text, geometry geometry,
          datetime timestamptz, end_datetime timestamptz, content jsonb) ON COMMIT DELETE ROWS
      """)
    try transaction.copyIn("COPY pg_temp.weir_items FROM STDIN (FORMAT binary)") { writer in try writer.write(batch.data) }
    let mark = try origin.map { "{\"weir\": \(try register($0, transaction))}" }
    if target.width != .none { try removeMoved(batch, transaction) }
    var written = 0
    for (part, partition) in batch.partitions.enumerated() {
      written += try transaction.execute(
        """
        -- put one partition's items
        INSERT INTO pgstac.\(identifier: partition) AS present
            (id, geometry, collection, datetime, end_datetime, content, private)
        SELECT id, geometry, \(target.collection)::text, datetime, end_datetime, content, \(mark)::jsonb
        FROM pg_temp.weir_items WHERE part = \(part) ORDER BY id COLLATE "C"
        ON CONFLICT (id) DO UPDATE SET geometry = EXCLUDED.geometry, datetime = EXCLUDED.datetime,
            end_datetime = EXCLUDED.end_datetime, content = EXCLUDED.content, private = EXCLUDED.private
        WHERE (present.datetime, present.end_datetime, present.geometry, present.content)
            IS DISTINCT FROM (EXCLUDED.datetime, EXCLUDED.end_datetime, EXCLUDED.geometry, EXCLUDED.content)
        """)
    }
    return written
  }

  /// Notes in the same transaction who puts these items; answers the number by which they name it.
  private func register(_ origin: Origin, _ transaction: Transaction) throws -> Int {
    try transaction.query(
      """
      -- note who puts these items
      INSERT INTO app.registrations (collection, first_id, last_id, ids, \(raw: Origin.columns))
      SELECT \(target.collection)::text, min(id COLLATE "C"), max(id COLLATE "C"), array_agg(id), \(raw: origin.values)
      FROM pg_temp.weir_items RETURNING id
      """
    ).one().int("id")
  }

  /// Ids that stand in another partition than the one they go to. Mostly there are none, and then nothing is locked.
  private func removeMoved(_ batch: LoadBatch, _ transaction: Transaction) throws {
    let rows = try transaction.query(
      """
      -- items that are in another partition than the one they go to
      SELECT class.relname, present.id FROM pgstac.\(identifier: "_items_\(target.key)") present
      JOIN pg_catalog.pg_class class ON class.oid = present.tableoid
      WHERE present.id = ANY(\(batch.rows.map(\.id))::text[]) ORDER BY 1, 2
      """)
    var moved: [String: [String]] = [:]
    let homes = Dictionary(uniqueKeysWithValues: zip(batch.rows.map { ExactText($0.id) }, batch.parts))
    for row in rows {
      let (partition, id) = (try row.string("relname"), try row.string("id"))
      if let part = homes[ExactText(id)], batch.partitions[part] != partition { moved[partition, default: []].append(id) }
    }
    for (partition, ids) in moved.sorted(by: { $0.key < $1.key }) {
      try transaction.execute("DELETE FROM pgstac.\(identifier: partition) WHERE id = ANY(\(ids)::text[])")
    }
  }
}
