import Database
import Engine
import TestSupport
import Workflow

/// Curated datasets with tables that handlers could have made: areas of all sizes, places, and one that is nothing for a map.
struct MapSample: Sendable {
  static let lands = 98
  /// A column of a name that tries to become a statement.
  static let hostileColumn = #"a"b; DROP TABLE geo.curated_lands; --"#

  private let engine: Engine
  private let guest: GuestDatabase

  init(_ engine: Engine, _ configuration: GuestConfiguration) {
    self.engine = engine
    guest = GuestDatabase(configuration)
  }

  func put() throws {
    try register("lands", name: "Lands", geometry: "multipolygon", more: #""attribution": "© <b>Nobody</b> & others", "license": "CC0","#)
    try version(1, of: "lands", rows: Self.lands, Self.landsTable)
    try register("places", name: "Places", geometry: "multipoint", more: #""update_schedule": "0 2 * * *","#)
    try version(1, of: "places", rows: 20, Self.placesTable(20))
    try register("ways", name: "Ways", geometry: "multilinestring", more: #""update_schedule": "0 3 * * SUN","#)
    try version(1, of: "ways", rows: 10, Self.waysTable(10))
    try version(2, of: "ways", rows: 12, Self.waysTable(12))
    try register("lists", name: "Lists", geometry: "any", more: "")
    try version(1, of: "lists", rows: 3, "CREATE TABLE %T AS SELECT n AS id FROM generate_series(1, 3) AS n")
    try register("plans", name: "Plans \(Showcase.hostile)", geometry: "any", more: "")
  }

  private func register(_ id: String, name: String, geometry: String, more: String) throws {
    let text = """
      {"dataset_id": "\(id)", "name": \(JSON.string(name).serialized()), "source_type": "manual", \(more)
       "source_config": {"geometry": "\(geometry)"}, "description": \(JSON.string("What is \(Showcase.hostile)").serialized()),
       "update_strategy": "full_replace", "target_table_name": "curated_\(id)"}
      """
    _ = try engine.datasets.create(DatasetDefinition.load(bytes: Array(text.utf8), file: "d").get(), by: .system)
  }

  /// Makes a version as a handler does, and lets readers see it. `%T` in the statements is its table.
  func version(_ number: Int, of dataset: String, rows: Int, _ statements: String...) throws {
    try engine.datasets.tables?.ensure()
    let table = "geo.curated_\(dataset)_v\(number)"
    try asGuest(["SELECT geo.curated_begin('\(dataset)', 'curated_\(dataset)')"])
    try asGuest(statements.flatMap { $0.split(separator: ";\n") }.map { String($0).replacing("%T", with: table) })
    try asGuest([
      """
      INSERT INTO geo.curated_versions (dataset_id, version, target_table, source_version, row_count, state)
      VALUES ('\(dataset)', \(number), 'curated_\(dataset)', '1.\(number)', \(rows), 'kept')
      """
    ])
    // the registry takes it in as it does a version that was gone back to
    _ = try engine.datasets.rollback(dataset, to: number, by: .system)
  }

  @discardableResult
  func asGuest(_ statements: [String]) throws -> [[String?]] {
    let session = try guest.begin(GuestOptions())
    defer { guest.giveBack(session) }
    var answer: [UInt8] = []
    for statement in statements { answer = try session.exec(statement, []) { false }.json }
    try session.end(commits: true) { false }
    let rows = try JSON(parsing: answer)["rows"]?.arrayValue ?? []
    return rows.map { row in (row.arrayValue ?? []).map(\.stringValue) }
  }

  /// 96 lands of 20 by 15 degrees with a lake each; one of a few metres; one at the pole that reaches around the world.
  private static let landsTable = """
    CREATE TABLE %T (id integer PRIMARY KEY, name text, area numeric, is_small boolean, "\(hostileColumn.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))" bigint,
        since date, tags jsonb, raw bytea, geom geometry(MultiPolygon, 4326));
    INSERT INTO %T SELECT n, CASE n WHEN 7 THEN '\(Showcase.hostile.replacing("'", with: "''"))' ELSE 'Land ' || n END, n * 1.5, false, n * 1000000000000,
        DATE '2026-01-01' + n, '{"a": [1]}', '\\x00ff', ST_Multi(ST_Difference(
            ST_MakeEnvelope(-170 + n % 16 * 20, -50 + n / 16 * 15, -150 + n % 16 * 20, -35 + n / 16 * 15, 4326),
            ST_Buffer(ST_SetSRID(ST_MakePoint(-160 + n % 16 * 20, -42.5 + n / 16 * 15), 4326), 3)))
        FROM generate_series(0, 95) AS n;
    INSERT INTO %T (id, name, is_small, geom) VALUES (96, 'Tiny', true, ST_Multi(ST_MakeEnvelope(8.54, 47.37, 8.5401, 47.3701, 4326)));
    INSERT INTO %T (id, name, is_small, geom) VALUES (97, 'Pole', false, ST_Multi(ST_MakeEnvelope(-180, -90, 180, -70, 4326)));
    CREATE INDEX ON %T USING gist (geom)
    """

  private static func waysTable(_ count: Int) -> String {
    """
    CREATE TABLE %T AS SELECT n AS id, 'Way ' || n AS name, ST_Multi(ST_SetSRID(ST_MakeLine(ARRAY[ST_MakePoint(n, 45),
        ST_MakePoint(n + 2, 46 + n % 3), ST_MakePoint(n + 1, 50)]), 4326))::geometry(MultiLineString, 4326) AS geom
        FROM generate_series(1, \(count)) AS n;
    CREATE INDEX ON %T USING gist (geom)
    """
  }

  static func placesTable(_ count: Int) -> String {
    """
    CREATE TABLE %T AS SELECT n AS id, 'Place ' || n AS name,
        ST_Multi(ST_SetSRID(ST_MakePoint(-170 + (n::bigint * 7919 % 3400) / 10.0, -60 + (n::bigint * 104729 % 1200) / 10.0), 4326))::geometry(MultiPoint, 4326) AS geom
        FROM generate_series(1, \(count)) AS n;
    CREATE INDEX ON %T USING gist (geom)
    """
  }
}
