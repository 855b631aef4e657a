/// Rows in the format of `COPY ... (FORMAT binary)`. - Source: PostgreSQL 15 manual, COPY, Binary Format.
struct BinaryRows {
  private(set) var bytes: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0] + [UInt8](repeating: 0, count: 8)

  /// 2000-01-01T00:00:00Z, from which PostgreSQL counts.
  private static let epoch: Int64 = 946_684_800_000_000

  /// part integer, id text, geometry geometry, datetime and end_datetime timestamptz, content jsonb.
  mutating func append(_ row: ItemRow, part: Int) {
    append(Int16(6))
    append(Int32(4))
    append(Int32(part))
    field(row.id.utf8)
    field(row.geometry)
    for time in [row.from, row.to] {
      append(Int32(8))
      append(time.microseconds - Self.epoch)
    }
    append(Int32(row.content.count + 1))
    bytes.append(1)  // the version of jsonb's binary form
    bytes.append(contentsOf: row.content)
  }

  mutating func finish() { append(Int16(-1)) }

  private mutating func field(_ data: some Collection<UInt8>) {
    append(Int32(data.count))
    bytes.append(contentsOf: data)
  }

  private mutating func append(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
  }
}
