import CuratedRules
import HandlerKit

/// The table of a version that is being made, in the transaction that makes it.
struct VersionTable {
  let session: SQLSession
  let dataset: CuratedDataset
  let number: Int
  let columns: [TableColumn]

  /// Without schema.
  var name: String { VersionName.table(dataset.target_table_name, number) }
  var place: String { VersionName.place(name) }
  private var config: SourceConfig { dataset.source_config }

  /// From here on nobody else makes a version of the dataset, or lets another one be seen, until the transaction ends.
  static func begin(_ dataset: CuratedDataset, _ columns: [TableColumn], _ session: SQLSession) throws -> VersionTable {
    let answer = try session.execute("SELECT geo.curated_begin($1, $2)", [dataset.dataset_id, dataset.target_table_name])
    guard let number = answer.value.flatMap({ Int($0) }) else { throw HandlerError.failed("geo.curated_begin gave no number.") }
    let table = VersionTable(session: session, dataset: dataset, number: number, columns: columns)
    // of geometries that are too large for a page: a fifth of the time that pglz takes, and readers have it back sooner
    try session.execute(
      """
      SELECT set_config('default_toast_compression', 'lz4', true) FROM pg_settings
      WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)
      """)
    let list = columns.map { "\(VersionName.quoted($0.name)) \($0.type)" }.joined(separator: ", ")
    try session.execute("CREATE TABLE \(table.place) (\(list))")
    return table
  }

  /// Every row of the source; `onRows` hears from time to time how many bytes went in.
  func load(_ source: LayerSource, onPiece: (LayerSource) throws -> Void) throws {
    _ = try session.copy("COPY \(place) FROM STDIN (FORMAT binary)") { copy in
      while case let piece = try source.read(), !piece.isEmpty {
        try copy.write(piece)
        try onPiece(source)
      }
    }
  }

  /// Texts that stand for no value become none, and columns are filled from others where they have none.
  func mendCodes() throws {
    let texts = Set(columns.filter { $0.type == "text" }.map(\.name))
    if let missing = config.missing, !missing.isEmpty, !texts.isEmpty {
      let list = "(\(missing.map(VersionName.literal).joined(separator: ", ")))"
      let names = texts.sorted().map(VersionName.quoted)
      let values = names.map { "\($0) = CASE WHEN \($0) IN \(list) THEN NULL ELSE \($0) END" }
      try session.execute(
        "UPDATE \(place) SET \(values.joined(separator: ", ")) WHERE \(names.map { "\($0) IN \(list)" }.joined(separator: " OR "))")
    }
    let fills = (config.fill ?? [:]).sorted { $0.key < $1.key }.compactMap { column, others -> (String, String)? in
      let others = others.filter(texts.contains).map(VersionName.quoted)
      return texts.contains(column) && !others.isEmpty ? (VersionName.quoted(column), others.joined(separator: ", ")) : nil
    }
    for (column, others) in fills {
      try session.execute("UPDATE \(place) SET \(column) = coalesce(\(others)) WHERE \(column) IS NULL AND coalesce(\(others)) IS NOT NULL")
    }
  }

  /// What the version before has and the source does not say anything about; `upsert` keeps it.
  func keepOthers(of before: TableColumns) throws {
    guard case .key(let condition) = Delta.match(config.keyColumns, new: columns, old: before.columns) else {
      throw HandlerError.failed(
        "\(dataset.dataset_id): the version that readers see has no \(config.keyColumns.joined(separator: ", ")), by which upsert "
          + "knows its rows. Update it once with update_strategy full_replace.")
    }
    let known = Dictionary(columns.map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
    let old = before.columns.filter { $0.name != VersionName.ownKey }
    for column in old where known[column.name] == nil {
      try session.execute("ALTER TABLE \(place) ADD COLUMN \(VersionName.quoted(column.name)) \(column.type)")
    }
    let names = old.map { VersionName.quoted($0.name) }.joined(separator: ", ")
    let values = old.map { column in "o.\(VersionName.quoted(column.name))::\(known[column.name] ?? column.type)" }.joined(separator: ", ")
    try session.execute(
      """
      INSERT INTO \(place) (\(names)) SELECT \(values) FROM \(before.place) AS o
      WHERE NOT EXISTS (SELECT FROM \(place) AS n WHERE \(condition))
      """)
  }

  func count() throws -> Int { Int(try session.execute("SELECT count(*) FROM \(place)").value ?? "") ?? 0 }

  /// Of all geometries; nil: there is none.
  func bounds() throws -> [Double]? {
    let rows = try session.execute(
      "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM (SELECT ST_Extent(geom) AS e FROM \(place)) AS extent")
    let bounds = (rows.first ?? []).compactMap { $0.flatMap { Double($0) } }
    return bounds.count == 4 ? bounds : nil
  }

  /// Rows of which the key does not know one from another; nil: there are none.
  func keyProblem() throws -> String? {
    guard !config.keyColumns.isEmpty else { return nil }
    let names = config.keyColumns.map(VersionName.quoted)
    let empty = try session.execute(
      "SELECT count(*) FROM \(place) WHERE \(names.map { "\($0) IS NULL" }.joined(separator: " OR "))")
    if let count = empty.value, count != "0" { return "\(count) rows have no \(config.keyColumns.joined(separator: ", "))" }
    let list = names.joined(separator: ", ")
    let twice = try session.execute(
      "SELECT \(list) FROM \(place) GROUP BY \(list) HAVING count(*) > 1 ORDER BY 1 LIMIT 3")
    guard !twice.isEmpty else { return nil }
    let shown = twice.map { $0.map { $0 ?? "" }.joined(separator: "/") }.joined(separator: ", ")
    return "several rows have the same \(config.keyColumns.joined(separator: ", ")), such as \(shown)"
  }

  /// What readers need: the key, an index of the geometries, statistics, and who is to be named.
  func finish() throws {
    if config.keyColumns.isEmpty {
      try session.execute("ALTER TABLE \(place) ADD COLUMN \(VersionName.ownKey) bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY")
    } else {
      try session.execute("ALTER TABLE \(place) ADD PRIMARY KEY (\(config.keyColumns.map(VersionName.quoted).joined(separator: ", ")))")
    }
    try session.execute("CREATE INDEX ON \(place) USING gist (geom)")
    try session.execute("ANALYZE \(place)")
    let words = [dataset.name, dataset.attribution, dataset.license].compactMap { $0 }.joined(separator: " | ")
    try session.execute("COMMENT ON TABLE \(place) IS \(VersionName.literal(words))")
  }

  /// Against the version that readers see; by content alone where rows have no key.
  func delta(to before: TableColumns?) throws -> Delta {
    guard let before else { return Delta(added: try count()) }
    let rows: SQLRows
    switch Delta.match(config.keyColumns, new: columns, old: before.columns) {
    case .content:
      rows = try session.execute(
        """
        WITH n AS (SELECT row_hash, count(*) AS rows FROM \(place) GROUP BY row_hash),
        o AS (SELECT row_hash, count(*) AS rows FROM \(before.place) GROUP BY row_hash)
        SELECT coalesce(sum(greatest(coalesce(n.rows, 0) - coalesce(o.rows, 0), 0)), 0), 0,
            coalesce(sum(greatest(coalesce(o.rows, 0) - coalesce(n.rows, 0), 0)), 0)
        FROM n FULL JOIN o USING (row_hash)
        """)
    case .key(let condition):
      rows = try session.execute(
        """
        SELECT count(*) FILTER (WHERE o.row_hash IS NULL), count(*) FILTER (WHERE n.row_hash <> o.row_hash),
            count(*) FILTER (WHERE n.row_hash IS NULL)
        FROM \(place) AS n FULL JOIN \(before.place) AS o ON \(condition)
        """)
    }
    let counts = (rows.first ?? []).map { $0.flatMap { Int($0) } ?? 0 }
    guard counts.count == 3 else { throw HandlerError.failed("\(place): the comparison with \(before.place) gave nothing.") }
    return Delta(added: counts[0], updated: counts[1], deleted: counts[2])
  }
}
