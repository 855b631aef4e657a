internal import Database

/// The rows of one transaction, sorted by partition and id, with their COPY data.
struct LoadBatch {
  let rows: [ItemRow]
  /// By row: which of `partitions` it goes to.
  let parts: [Int]
  /// In the order of time.
  let partitions: [String]
  let data: [UInt8]

  /// Looks up the partitions, and makes or widens those that do not yet take the rows.
  init(_ rows: ArraySlice<ItemRow>, _ target: LoadTarget, _ database: Database) throws {
    let ranges = PartitionRange.grouped(rows.lazy.map { (from: $0.from, to: $0.to) }, target.width)
    partitions = try Partitions(collection: target.collection).ensure(ranges, database)
    let buckets = ranges.map { $0.from.lowerBound.bucket(target.width) }
    let places = Dictionary(uniqueKeysWithValues: zip(buckets, buckets.indices))
    let sorted = rows.map { (part: places[$0.from.bucket(target.width)] ?? 0, row: $0) }
      .sorted { ($0.part, $0.row.id) < ($1.part, $1.row.id) }
    self.rows = sorted.map(\.row)
    parts = sorted.map(\.part)
    var rows = BinaryRows()
    for (part, row) in sorted { rows.append(row, part: part) }
    rows.finish()
    data = rows.bytes
  }
}
