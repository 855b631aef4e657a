import Database
import TestSupport
import Testing
import Workflow

@testable import Engine

@Suite struct `Geometries as EWKB` {
  private static let ring = "[[0,0],[2,0],[2,2],[0,0]]"

  @Test(arguments: [
    #"{"type":"Point","coordinates":[-1.5e1, 50.25]}"#,
    #"{"type":"Point","coordinates":[1,2,3.5]}"#,
    #"{"type":"LineString","coordinates":[[0,0],[1,1,7],[2,0]]}"#,
    #"{"coordinates":[\#(ring),[[0.5,0.5],[1,0.5],[1,1],[0.5,0.5]]],"type":"Polygon"}"#,
    #"{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}"#,
    #"{"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3]]]}"#,
    #"{"type":"MultiPolygon","coordinates":[[\#(ring)],[[[5,5,1],[6,5,1],[6,6,1],[5,5,1]]]]}"#,
    #"{"type":"MultiPolygon","coordinates":[]}"#,
    #"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"LineString","coordinates":[[0,0],[1,1]]}]}"#,
    #"{"type":"GeometryCollection","geometries":[]}"#,
  ])
  func `are what PostGIS makes of the GeoJSON`(text: String) throws {
    let registry = try Registry()
    let bytes = try GeometryWriter.binary(RawJSON(validating: text))
    let row = try registry.own.database.withConnection {
      try $0.query(
        """
        WITH g AS (SELECT ST_GeomFromEWKB(\(bytes)) AS ours, ST_GeomFromGeoJSON(\(text)::text) AS theirs)
        SELECT ST_AsEWKT(ours) AS ours, ST_AsEWKT(theirs) AS theirs, ST_SRID(ours) AS srid FROM g
        """
      ).one()
    }
    #expect(try row.string("ours") == row.string("theirs"))
    #expect(try row.int("srid") == 4326)
  }
}
