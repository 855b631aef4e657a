import Database
public import Workflow

/// Reads the items of a stage by their numbers.
public final class ItemReader: Sendable {
  private let database: Database
  private let chunks = ItemChunks()

  init(database: Database) {
    self.database = database
  }

  /// The elements with the numbers in `range`, in order; fewer only at the end.
  ///
  /// - Parameter stageID: the stage that emitted them; for the elements of an array, the stage that fans out over them.
  public func read(_ kind: ItemKind, of stageID: Int64, in range: Range<Int>) throws -> [RawJSON] {
    guard !range.isEmpty else { return [] }
    let source = ItemChunks.Source(stageID: stageID, kind: kind)
    if let known = chunks.values(of: source, in: range) { return known }
    var elements: [RawJSON] = []
    elements.reserveCapacity(range.count)
    // both bounds of both tables come from the index: a stage may have a million chunks
    let rows = try database.withConnection { connection in
      try connection.query(
        """
        SELECT r.first + c.first, c.body
        FROM item_ranges r CROSS JOIN LATERAL (
            SELECT first, count, body FROM chunks
            WHERE token = r.token AND kind = r.kind AND first < \(range.upperBound) - r.first
              AND first >= coalesce((SELECT p.first FROM chunks p
                  WHERE p.token = r.token AND p.kind = r.kind AND p.first <= \(range.lowerBound) - r.first
                  ORDER BY p.first DESC LIMIT 1), 0)) AS c
        WHERE r.stage_id = \(stageID) AND r.kind = \(kind.rawValue) AND r.first < \(range.upperBound)
          AND r.first >= coalesce((SELECT p.first FROM item_ranges p
              WHERE p.stage_id = \(stageID) AND p.kind = \(kind.rawValue) AND p.first <= \(range.lowerBound)
              ORDER BY p.first DESC LIMIT 1), 0)
        ORDER BY 1
        """)
    }
    for row in rows {
      let (first, body) = (try row.int(0), try row.text(1))
      let values = NDJSON.split(body)
      chunks.add(values, first: first, bytes: body.count, of: source)
      let wanted = range.clamped(to: first..<first + values.count)
      elements += values[wanted.lowerBound - first..<wanted.upperBound - first]
    }
    return elements
  }
}
