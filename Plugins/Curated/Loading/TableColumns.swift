import CuratedRules
import HandlerKit

/// A table that readers see, and its columns.
struct TableColumns: Sendable {
  /// With its schema, quoted.
  var place: String
  var columns: [TableColumn]

  /// nil: there is no such table, or none that an update has made.
  static func find(_ table: String, _ session: SQLSession) throws -> TableColumns? {
    let rows = try session.execute(
      """
      SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
      WHERE attrelid = to_regclass(format('geo.%I', $1::text)) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
      """, [table])
    let columns = rows.map { TableColumn(name: $0[0] ?? "", type: $0[1] ?? "") }
    guard columns.contains(where: { $0.name == "row_hash" }), columns.contains(where: { $0.name == "geom" }) else { return nil }
    return TableColumns(place: VersionName.place(table), columns: columns)
  }
}
