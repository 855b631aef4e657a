import Database
import Workflow

/// The statements that tiles are drawn by. Names come from the database's own catalogue and are quoted; everything else is a value.
struct TileStatements {
  let layer: TileLayer

  /// A name as PostgreSQL reads it.
  static func quoted(_ name: String) -> String {
    let sql: SQL = "\(identifier: name)"
    return sql.text
  }

  /// A name that no attribute has.
  private func free(_ name: String) -> String {
    layer.attributes.contains { $0.name == name } ? free(name + "_") : name
  }

  /// $1 to $4: west, south, east, north. An envelope of another system is cut into pieces first, since its edges bend.
  private var isNear: String {
    let area = "public.ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, 4326)"
    guard layer.srid != 4326 else { return "t.\(layer.geometry) OPERATOR(public.&&) \(area)" }
    return "t.\(layer.geometry) OPERATOR(public.&&) public.ST_Transform(public.ST_Segmentize(\(area), "
      + "greatest($3::float8 - $1::float8, $4::float8 - $2::float8) / 20), \(layer.srid))"
  }

  /// How many lie in an area.
  var count: String { "SELECT count(*) FROM geo.\(Self.quoted(layer.table)) AS t WHERE \(isNear)" }

  /// The tile, or NULL where it is too large; how many features it has, and bytes. $5 to $7: z, x, y; $8: how wide a unit is, in degrees;
  /// $9: the layer's name; $10: features at most, the largest first; $11: bytes at most.
  ///
  /// What is smaller than 8 units, which is a pixel of most maps, is drawn as a square or a stroke of 8 units, and what becomes too thin
  /// to be drawn is widened: no feature is lost for being small. Others lose the points that nobody sees.
  func tile(isCut: Bool) -> String {
    let (shape, g) = (free("shape"), free("g"))
    let names = layer.attributes.map { ", \(Self.quoted($0.name))" }.joined()
    let values = layer.attributes.map { ", \($0.expression) AS \(Self.quoted($0.name))" }.joined()
    let size = "greatest(public.ST_XMax(\(g)) - public.ST_XMin(\(g)), public.ST_YMax(\(g)) - public.ST_YMin(\(g)))"
    let area = "public.box2d(public.ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, 4326))"
    let inside = "public.ST_ClipByBox2D(\(g), \(area))"
    let plain = "public.ST_Simplify(\(inside), $8::float8 / 2, true)"
    func drawn(_ geometry: String) -> String {
      "public.ST_AsMVTGeom(public.ST_Transform(\(geometry), 3857), public.box2d(public.ST_TileEnvelope($5::int, $6::int, $7::int)), "
        + "\(TileAddress.extent), \(TileAddress.margin), true)"
    }
    return """
      WITH found AS (
          SELECT \(layer.place) AS \(g)\(values) FROM geo.\(Self.quoted(layer.table)) AS t WHERE \(isNear)),
      taken AS (
          SELECT * FROM found WHERE \(g) IS NOT NULL\(isCut ? " ORDER BY \(size) DESC" : "") LIMIT $10::int),
      drawn AS MATERIALIZED (
          SELECT CASE WHEN public.ST_Dimension(\(g)) = 0 THEN \(drawn(inside))
                      WHEN \(size) < $8::float8 * 8 THEN \(drawn(Self.dot(of: g)))
                      ELSE coalesce(\(drawn(plain)), CASE WHEN public.ST_Dimension(\(g)) = 2 THEN
                          \(drawn("public.ST_Buffer(\(plain), $8::float8 * 2)")) END) END AS \(shape)\(names)
          FROM taken)
      SELECT CASE WHEN pg_catalog.length(m.tile) <= $11::int THEN m.tile END, m.features, pg_catalog.length(m.tile)
      FROM (SELECT public.ST_AsMVT(drawn, $9::text, \(TileAddress.extent), '\(shape)') AS tile, count(*) AS features
            FROM drawn WHERE \(shape) IS NOT NULL) AS m
      """
  }

  /// What stands for something too small to be drawn.
  private static func dot(of g: String) -> String {
    let x = "(public.ST_XMin(\(g)) + public.ST_XMax(\(g))) / 2"
    let y = "(public.ST_YMin(\(g)) + public.ST_YMax(\(g))) / 2"
    let half = "$8::float8 * 4"
    return "CASE public.ST_Dimension(\(g)) WHEN 1 THEN public.ST_SetSRID(public.ST_MakeLine(public.ST_MakePoint(\(x) - \(half), \(y)), "
      + "public.ST_MakePoint(\(x) + \(half), \(y))), 4326) "
      + "ELSE public.ST_MakeEnvelope(\(x) - \(half), \(y) - \(half), \(x) + \(half), \(y) + \(half), 4326) END"
  }

  /// Rows as people read them, in the order in which they lie. $1: how many to pass over, $2: how many.
  var rows: String {
    let values = layer.attributes.map { "left((\($0.expression))::text, 200)" }.joined(separator: ", ")
    return
      "SELECT \(values.isEmpty ? "NULL" : values) FROM geo.\(Self.quoted(layer.table)) AS t ORDER BY t.ctid OFFSET $1::bigint LIMIT $2::int"
  }

  /// West, south, east, north of all there is.
  var bounds: String {
    """
    SELECT public.ST_XMin(b), public.ST_YMin(b), public.ST_XMax(b), public.ST_YMax(b), n
    FROM (SELECT public.ST_Extent(\(layer.place)) AS b, count(*) AS n FROM geo.\(Self.quoted(layer.table)) AS t) AS extent
    """
  }

  /// The version that readers see, the number of its table, and its name. $1: the dataset.
  static let edition = """
    SELECT v.version, pg_catalog.to_regclass('geo.' || pg_catalog.quote_ident(v.target_table))::pg_catalog.oid, v.target_table
    FROM geo.curated_versions v WHERE v.dataset_id = $1 AND v.state = 'current'
    """

  /// The columns of a table: name, type, the geometry's system or NULL. $1: the table.
  static let columns = """
    SELECT a.attname, t.typname, t.typcategory,
        CASE WHEN t.typname = 'geometry' THEN public.postgis_typmod_srid(a.atttypmod) END
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = pg_catalog.to_regclass('geo.' || pg_catalog.quote_ident($1)) AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum
    """
}
