import Engine
import Foundation
import Glibc
import TestSupport
import Testing
import Workflow

/// Protected areas as they are released: their columns, their packaging and their faults, made up by Benchmarks/Loading/wdpa.py.
@Suite struct `Protected areas` {
  private static let isFull = getenv("WEIR_TEST_FULL_SIZE") != nil
  private static let polygons = isFull ? 300_000 : 4_000
  let house: CuratedHouse

  init() throws { house = try CuratedHouse() }

  private func release(_ form: String, revision: Int = 1) throws -> Data {
    let folder = "\(house.house.folder.path)/wdpa-\(form)-\(revision)"
    let said = try MapData.python(
      "import runpy, sys; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')",
      [
        "\(CuratedHouse.root)/Benchmarks/Loading/wdpa.py", folder, form, "--polygons", "\(Self.polygons)", "--points",
        "\(Self.polygons / 10)",
        "--revision", "\(revision)",
      ])
    let path = String(said.prefix { $0 != "\n" })
    return try Data(contentsOf: URL(filePath: path))
  }

  private func register(_ manifest: String, _ changes: [(String, String)]) throws {
    var text = try CuratedHouse.text("datasets/\(manifest).json")
    for (old, new) in changes + [(#""least": 200000"#, #""least": 1000"#)] {
      #expect(text.contains(old), "\(old)")
      text = text.replacing(old, with: new)
    }
    _ = try house.engine.datasets.create(try DatasetDefinition.load(bytes: Array(text.utf8), file: manifest).get(), by: .system)
  }

  /// As the release has them: what crosses itself is mended, what has no geometry has none, and the key is whole.
  private func isWhole(_ table: String) throws {
    let facts = try house.rows(
      """
      SELECT count(*), count(DISTINCT site_pid), count(*) FILTER (WHERE geom IS NULL), count(*) FILTER (WHERE NOT ST_IsValid(geom)),
          count(*) FILTER (WHERE name = format('%s №%s', desig, 99)), min(pg_typeof(site_id)::text), bool_and(site_id::text = split_part(site_pid, '_', 1))
      FROM geo.\(table)
      """)
    #expect(facts == [["\(Self.polygons)", "\(Self.polygons)", "\(Self.polygons / 2000)", "0", "1", "bigint", "t"]], "\(facts)")
  }

  @Test func `come as shapefiles in zips in a zip, and next month differ in one of fifty`() async throws {
    try register(
      "wdpa",
      [
        ("https://d1gam3xoknrgr2.cloudfront.net/current/WDPA_WDOECM_{Mon}{YYYY}_Public_all_shp.zip", "\(house.site.url)/wdpa.zip"),
        (#"{ "by": "release" }"#, #"{ "by": "etag" }"#),
      ])
    house.serve(try release("shp"), path: "/wdpa.zip", etag: "\"Nov2026\"")
    let first = try await house.update("wdpa")
    #expect(first.status == "completed" && first.counts == [Self.polygons, 0, 0, Self.polygons], "\(first.said)")
    let loaded = first.result("etl_process")
    #expect(loaded["mended"]?.intValue ?? 0 > 0 && loaded["emptied"]?.intValue == Self.polygons / 2000, "\(loaded.serialized())")
    try isWhole("curated_wdpa")
    house.serve(try release("shp", revision: 2), path: "/wdpa.zip", etag: "\"Dec2026\"")
    let second = try await house.update("wdpa")
    #expect(second.status == "completed" && second.counts[0] == 0 && second.counts[2] == 0, "\(second.said)")
    #expect((second.counts[1] ?? 0) * 50 > Self.polygons / 2 && (second.counts[1] ?? 0) * 50 < Self.polygons * 2, "\(second.counts)")
  }

  @Test func `come as a geodatabase in a tar.gz from who asks for a key, where their ids are real numbers`() async throws {
    try register(
      "wdpa_ibat", [("https://app.ibat-alliance.org/api/v2/data-downloads", "\(house.site.url)/api/v2/data-downloads")])
    house.site.require("/api/v2/data-downloads", query: ["dataset_name=wdpa", "auth_key=the-key", "auth_token=the-token"])
    let answer = #"{"download_url": "\#(house.site.url)/signed/wdpa?X-Amz-Signature=abc", "update_date": "Nov 2026"}"#
    house.serve(Data(answer.utf8), path: "/api/v2/data-downloads")
    house.serve(try release("gdb"), path: "/signed/wdpa")
    let update = try await house.update("wdpa_ibat")
    #expect(update.status == "completed" && update.log["source_version"] == "Nov 2026", "\(update.said)")
    try isWhole("curated_wdpa_ibat")
  }

  @Test func `of both kinds are one table where the dataset asks for any geometry`() async throws {
    try register(
      "wdpa",
      [
        ("https://d1gam3xoknrgr2.cloudfront.net/current/WDPA_WDOECM_{Mon}{YYYY}_Public_all_shp.zip", "\(house.site.url)/wdpa.gpkg"),
        (#"{ "by": "release" }"#, #"{ "by": "etag" }"#), (#""layers": ["*polygons", "*_poly_*"]"#, #""layers": ["*"]"#),
        (#""geometry": "multipolygon""#, #""geometry": "any""#),
      ])
    house.serve(try release("gpkg"), path: "/wdpa.gpkg", etag: "\"Nov2026\"")
    let update = try await house.update("wdpa")
    #expect(update.counts[3] == Self.polygons + Self.polygons / 10, "\(update.said)")
    let kinds = try house.texts("SELECT DISTINCT ST_Dimension(geom) FROM geo.curated_wdpa WHERE geom IS NOT NULL ORDER BY 1")
    #expect(kinds == ["0", "2"])
  }
}
