import Database
import Engine
import Foundation
import Logging
import Workflow

/// Vector tiles over a large table: how long they take to draw, and how large they are, from the whole world down to a street.
struct TileDraw {
  let polygons: Int

  private static let dataset = """
    {"dataset_id": "areas", "name": "Areas", "source_type": "manual", "update_strategy": "full_replace", "target_table_name": "curated_areas"}
    """

  func run() throws {
    let folder = Bench.folder + "/tiles"
    let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    let cluster = Cluster(folder: folder, configuration: ClusterConfiguration(logger: logger))
    try cluster.remove()
    try cluster.start()
    defer { try? cluster.remove() }  // what stays is removed at the next start
    let database = Database(
      DatabaseConfiguration(url: cluster.url(database: "weir") ?? "", poolSize: 4, settings: Engine.settings, logger: logger))
    defer { database.close() }
    try Installation(database).install()
    try GuestRole.geo.ensure(in: database)
    let owner = GuestConfiguration(name: "geo", url: cluster.url(database: "weir", user: GuestRole.geo.name) ?? "", logger: logger)
    let engine = Engine(database: database, curated: owner)
    _ = try engine.datasets.create(DatasetDefinition.load(bytes: Array(Self.dataset.utf8), file: "areas.json").get(), by: .system)
    try fill(engine, GuestDatabase(owner))
    try draw(engine)
  }

  /// Areas of 33 corners, from some hundred metres to some hundred kilometres wide, all over the lands of the world's latitudes.
  private func fill(_ engine: Engine, _ owner: GuestDatabase) throws {
    try engine.datasets.tables?.ensure()
    let session = try owner.begin(GuestOptions())
    defer { owner.giveBack(session) }
    for statement in [
      "SELECT geo.curated_begin('areas', 'curated_areas')",
      """
      CREATE TABLE geo.curated_areas_v1 AS SELECT n AS id, 'Area ' || n AS name, n % 7 AS kind, ST_Multi(ST_Buffer(ST_SetSRID(ST_MakePoint(
          -170 + (n::bigint * 7919 % 340000) / 1000.0, -60 + (n::bigint * 104729 % 130000) / 1000.0), 4326),
          0.002 * power(10, (n::bigint * 31 % 300) / 100.0), 8))::geometry(MultiPolygon, 4326) AS geom FROM generate_series(1, \(polygons)) AS n
      """,
      "CREATE INDEX ON geo.curated_areas_v1 USING gist (geom)", "ANALYZE geo.curated_areas_v1",
      """
      INSERT INTO geo.curated_versions (dataset_id, version, target_table, row_count, state)
      VALUES ('areas', 1, 'curated_areas', \(polygons), 'kept')
      """, "SELECT geo.curated_make_current('areas', 1)",
    ] { _ = try session.exec(statement, []) { false } }
    try session.end(commits: true) { false }
  }

  private func draw(_ engine: Engine) throws {
    let clock = ContinuousClock()
    _ = try engine.tiles.layer(of: "areas")
    print("tiles over \(polygons) polygons, drawn anew; ms: median and worst\n")
    print("| zoom | tiles | ms | worst | kB | features | left out |\n|---|---|---|---|---|---|---|")
    for zoom in [0, 2, 4, 6, 8, 10, 12, 14] {
      var (times, sizes, features, leftOut): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
      for address in addresses(zoom) {
        var tile: Tile?
        let time = try clock.measure { tile = try engine.tiles.tile(address, of: "areas") }
        times.append(time / .milliseconds(1))
        sizes.append(Double(tile?.bytes.count ?? 0) / 1000)
        features.append(Double(tile?.features ?? 0))
        leftOut.append(Double(tile?.leftOut ?? 0))
      }
      func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
      print(
        "| \(zoom) | \(times.count) | \(median(times).text(1)) | \((times.max() ?? 0).text(1)) | \(median(sizes).text(1)) | "
          + "\(median(features).text(0)) | \(median(leftOut).text(0)) |")
    }
  }

  /// Some tiles of a zoom, spread over where areas are.
  private func addresses(_ zoom: Int) -> [TileAddress] {
    let across = 1 << zoom
    let wanted = min(9, across * across)
    // the middle of the world's height has the areas
    let all = (0..<wanted).compactMap { n in TileAddress(z: zoom, x: across * (2 * n + 1) / (2 * wanted), y: across * (30 + n * 4) / 100) }
    // one that comes again would not be drawn
    return Array(Set(all))
  }
}
