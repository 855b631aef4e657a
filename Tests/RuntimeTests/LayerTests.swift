import Database
import Engine
import Runtime
import TestSupport
import Testing
import Workflow

/// A source of reference data, from an object to a table, through a real runner and the role that owns curated tables.
@Suite struct `Layers as rows of a table` {
  let house: House
  let guest: GuestConfiguration

  init() throws {
    house = try House()
    guest = try house.own.makeGuest()
    try house.own.database.withConnection { try $0.executeScript("CREATE EXTENSION postgis SCHEMA public") }
  }

  private func load(_ path: String, _ geometry: String, layers: String = "") async throws -> JobView {
    let plugin = try house.plugin(
      "Mapped", GDALHandlers.all, grants: GDALHandlers.grants)
    let params = #"{"path": "\#(path)", "table": "geo.loaded", "geometry": "\#(geometry)", "layers": "\#(layers)"}"#
    return try await house.run(
      #"[{"id": "a", "handler": "mapped.load", "params": \#(params)}]"#, on: [plugin], databases: [guest])
  }

  private func texts(_ sql: SQL) throws -> [String] {
    try house.own.database.withConnection { try $0.query(sql).map { try $0.string(0) } }
  }

  private func write(_ path: String, _ script: String) throws { try MapData.build(path, script) }

  @Test func `come flat, valid, of one kind and in EPSG 4326, with what was mended counted`() async throws {
    try write(
      "\(house.folder.path)/bronze/a.zip",
      """
      shapefile(folder, "parks", place(3857), ogr.wkbPolygon, [("ID", ogr.OFTInteger), ("Name", ogr.OFTString)], [
          ({"ID": 1, "Name": "Müritz"}, "POLYGON((0 0,0 111319.49,111319.49 111319.49,111319.49 0,0 0))"),
          ({"ID": 2, "Name": "bow tie"}, "POLYGON((0 0,200000 200000,200000 0,0 200000,0 0))"),
          ({"ID": 3}, "MULTIPOLYGON(((0 0,0 1,1 1,1 0,0 0)),((5 5,5 6,6 6,6 5,5 5)))"),
          ({"ID": 4, "Name": "nowhere"}, None)])
      pack(path, folder)
      """)
    let job = try await load("/vsiweir/bronze/a.zip", "multipolygon")
    #expect(job.state == .completed, "\(house.said(job.id, "a"))")
    let result = try #require(job.stages[0].result?.parsed())
    #expect(result["rows"] == 4 && result["mended"] == 1 && result["emptied"] == 1, "\(result.serialized())")
    let rows = try texts(
      """
      SELECT format('%s|%s|%s|%s|%s', id, name, ST_SRID(geom), ST_IsValid(geom), round(ST_XMax(geom)::numeric, 3))
      FROM geo.loaded ORDER BY id
      """)
    #expect(rows == ["1|Müritz|4326|t|1.000", "2|bow tie|4326|t|1.797", "3||4326|t|0.000", "4|nowhere|||"])
    let types = try texts("SELECT DISTINCT public.GeometryType(geom) FROM geo.loaded WHERE geom IS NOT NULL")
    #expect(types == ["MULTIPOLYGON"])
  }

  @Test func `of archives in an archive are one table, chosen by name`() async throws {
    try write(
      "\(house.folder.path)/bronze/wdpa.zip",
      """
      for part in range(3):
          inner = tempfile.mkdtemp(dir=outer)
          shapefile(inner, f"wdpa_{part}-polygons", place(4326), ogr.wkbPolygon, [("SITE_ID", ogr.OFTInteger64), ("NAME", ogr.OFTString)],
              [({"SITE_ID": part * 10 + i, "NAME": "Réserve"}, f"POLYGON(({i} 0,{i} 1,{i+1} 1,{i+1} 0,{i} 0))") for i in range(5)])
          shapefile(inner, f"wdpa_{part}-points", place(4326), ogr.wkbPoint, [("SITE_ID", ogr.OFTInteger64)],
              [({"SITE_ID": part * 10 + 5}, "POINT(1 2)")])
          pack(f"{outer}/wdpa_{part}.zip", inner)
      with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
          for part in range(3): archive.write(f"{outer}/wdpa_{part}.zip", f"wdpa_{part}.zip")
      """)
    let job = try await load("/vsiweir/bronze/wdpa.zip", "multipolygon", layers: "*polygons")
    #expect(job.state == .completed, "\(house.said(job.id, "a"))")
    #expect(job.stages[0].result?.parsed()["rows"] == 15)
    let ids = try texts("SELECT string_agg(site_id::text, ',' ORDER BY site_id) FROM geo.loaded")
    #expect(ids == ["0,1,2,3,4,10,11,12,13,14,20,21,22,23,24"])
    let types = try texts(
      """
      SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'geo.loaded'::regclass AND attnum > 0 ORDER BY attnum
      """)
    #expect(types == ["bigint", "text", "geometry", "bigint"])
  }

  /// Most polygons are known to be valid at a glance; the others GEOS looks at. PostGIS says who was right.
  @Test func `are mended where they were invalid and nowhere else, and come in the order of the source`() async throws {
    try write(
      "\(house.folder.path)/bronze/rings.geojson",
      """
      import json, math, random
      random.seed(20261124)
      def ring():
          n, grid = random.randint(3, 9), random.choice((2, 3, 5, 1000))
          points = [[random.randint(0, grid) * 0.1, random.randint(0, grid) * 0.1] for _ in range(n)]
          if random.random() < 0.6:
              x, y = sum(p[0] for p in points) / n, sum(p[1] for p in points) / n
              points.sort(key=lambda p: math.atan2(p[1] - y, p[0] - x))
          return points + points[:1]
      def polygon(): return [ring() for _ in range(2 if random.random() < 0.1 else 1)]
      features = []
      for number in range(4000):
          many = random.choice((0, 0, 1, 3))
          shape = {"type": "MultiPolygon", "coordinates": [polygon() for _ in range(many)]} if many else {"type": "Polygon", "coordinates": polygon()}
          features.append({"type": "Feature", "properties": {"number": number, "raw": json.dumps(shape)}, "geometry": shape})
      with open(path, "w") as file: json.dump({"type": "FeatureCollection", "features": features}, file)
      """)
    let job = try await load("/vsiweir/bronze/rings.geojson", "multipolygon")
    #expect(job.state == .completed, "\(house.said(job.id, "a"))")
    let facts = try texts(
      """
      SELECT format('%s|%s|%s|%s', count(*) FILTER (WHERE NOT public.ST_IsValid(was)), count(*) FILTER (WHERE public.ST_IsValid(was)) > 1000,
          count(*) FILTER (WHERE NOT public.ST_IsValid(geom)), bool_and(coalesce(public.ST_OrderingEquals(was, geom), false)) FILTER (WHERE public.ST_IsValid(was)))
      FROM (SELECT geom, public.ST_Multi(public.ST_GeomFromGeoJSON(raw)) AS was FROM geo.loaded) AS rows
      """)
    // of a ring that is a line nothing is left
    let counts = try ["mended", "emptied"].map { try #require(job.stages[0].result?.parsed()[$0]?.intValue) }
    #expect(facts == ["\(counts[0] + counts[1])|t|0|t"], "\(counts)")
    let places = try texts(
      "SELECT bool_and(number = place)::text FROM (SELECT number, row_number() OVER (ORDER BY ctid) - 1 AS place FROM geo.loaded) AS rows")
    #expect(places == ["true"])
  }

  @Test func `that are alike have the same hash, and others have others`() async throws {
    try write(
      "\(house.folder.path)/bronze/h.zip",
      """
      shapefile(folder, "h", place(4326), ogr.wkbPoint, [("a", ogr.OFTString), ("b", ogr.OFTString), ("x", ogr.OFTReal)], [
          ({"a": "1", "b": "2", "x": 0.5}, "POINT(1 2)"), ({"a": "1", "b": "2", "x": 0.5}, "POINT(1 2)"),
          ({"a": "12", "x": 0.5}, "POINT(1 2)"), ({"a": "1", "b": "2", "x": 0.5}, "POINT(1 3)"), ({"a": "2", "b": "1", "x": 0.5}, "POINT(1 2)")])
      pack(path, folder)
      """)
    let job = try await load("/vsiweir/bronze/h.zip", "point")
    #expect(job.state == .completed, "\(house.said(job.id, "a"))")
    #expect(try house.number("SELECT count(DISTINCT row_hash)::int FROM geo.loaded") == 4)
  }

  @Test(arguments: [
    ("<!DOCTYPE html><p>Not found</p>", "page.zip"), ("PK\u{3}\u{4} and then nothing of it", "cut.zip"), ("", "empty.zip"),
  ]) func `a file that is no source is refused, and no table is left`(text: String, name: String) async throws {
    TemporaryFolder.write(text, to: "\(house.folder.path)/bronze/\(name)")
    let job = try await load("/vsiweir/bronze/\(name)", "multipolygon")
    #expect(job.state == .failed)
    #expect(house.said(job.id, "a").contains("cannot open /vsiweir/bronze/\(name)"), "\(house.said(job.id, "a"))")
    #expect(try texts("SELECT coalesce(to_regclass('geo.loaded')::text, 'none')") == ["none"])
  }
}
