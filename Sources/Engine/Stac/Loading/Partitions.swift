internal import Database

/// The partitions of one collection: which there are, and that they take the times that come.
struct Partitions {
  let collection: String

  /// The partition of each range, made or widened where need be. Every change is a transaction of its own, in the order
  /// of time, so that nothing holds one lock while it waits for the next.
  func ensure(_ ranges: [PartitionRange], _ database: Database) throws -> [String] {
    var names = try present(ranges, database)
    for (index, range) in ranges.enumerated() where names[index] == nil {
      names[index] = try Retry.run { try database.withConnection { try check(range, $0) } }
    }
    return names.compactMap { $0 }
  }

  /// The partitions that take these ranges as they are; nil for the others.
  private func present(_ ranges: [PartitionRange], _ database: Database) throws -> [String?] {
    let sql: SQL = """
      -- partitions that take these ranges as they are
      WITH wanted AS (SELECT * FROM unnest(\(ranges.map(\.from.lowerBound.text))::timestamptz[],
          \(ranges.map(\.from.upperBound.text))::timestamptz[], \(ranges.map(\.to.lowerBound.text))::timestamptz[],
          \(ranges.map(\.to.upperBound.text))::timestamptz[]) WITH ORDINALITY AS w (a, b, c, d, n))
      SELECT w.n, stats.partition FROM wanted w
      JOIN pgstac.partition_stats stats ON stats.collection = \(collection)
          AND stats.partition_dtrange @> w.a AND stats.partition_dtrange @> w.b
      JOIN LATERAL pgstac.partition_catalog_meta(stats.partition) meta ON true
      WHERE meta.constraint_dtrange @> tstzrange(w.a, w.b, '[]') AND meta.constraint_edtrange @> tstzrange(w.c, w.d, '[]')
      """
    var names = [String?](repeating: nil, count: ranges.count)
    for row in try database.withConnection({ try $0.query(sql) }) {
      names[try row.int("n") - 1] = try row.string("partition")
    }
    return names
  }

  private func check(_ range: PartitionRange, _ connection: Connection) throws -> String {
    try connection.query(
      """
      -- make or widen a partition
      SELECT pgstac.check_partition(\(collection)::text,
        tstzrange(\(range.from.lowerBound.text)::timestamptz, \(range.from.upperBound.text)::timestamptz, '[]'),
        tstzrange(\(range.to.lowerBound.text)::timestamptz, \(range.to.upperBound.text)::timestamptz, '[]')) AS name
      """
    ).one().string("name")
  }
}
