import Database
import Engine
import Foundation
import TestSupport
import Testing
import Workflow

@testable import Web

/// Tables that are too much for a tile.
@Suite struct `A tile that cannot be drawn as it is` {
  @Test func `because it takes too long is refused, and its statement ended`() async throws {
    try await TestServer.withMaps(tilePatience: .milliseconds(100)) { server, sample in
      try await onOwnThread { try sample.version(2, of: "places", rows: 40_000, Self.rings(40_000)) }
      let answer = try await server.get("/api/tiles/places/0/0/0.mvt")
      #expect(answer.status == 503 && answer.json["type"]?.stringValue?.hasSuffix("overloaded") == true, "\(answer.text)")
      #expect(answer.json["detail"] == #"dataset "places": the tile takes too long to draw"#)
      #expect(answer.json["hint"] == "Look closer: fewer features lie in a tile then. Is its geometry indexed?")
      let working: SQL = """
        SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%ST_AsMVT%'
          AND pid <> pg_backend_pid()
        """
      let isEnded = try await onOwnThread { [database = server.engine.database] in
        try until { try database.withConnection { try $0.query(working).one().int(0) } == 0 }
      }
      #expect(isEnded)
    }
  }

  /// Circles of 200 corners, all over the world.
  private static func rings(_ count: Int) -> String {
    """
    CREATE TABLE %T AS SELECT n AS id, ST_Multi(ST_Buffer(ST_SetSRID(ST_MakePoint(-150 + n % 300, -60 + n % 120), 4326), 9, 50))::geometry(MultiPolygon, 4326) AS geom
        FROM generate_series(1, \(count)) AS n;
    CREATE INDEX ON %T USING gist (geom)
    """
  }

  @Test func `because its attributes are long holds what fits, and says how many it leaves out`() async throws {
    try await TestServer.withMaps { server, sample in
      try await onOwnThread { try sample.version(2, of: "places", rows: 40, Self.books(40, size: 1 << 20)) }
      let answer = try await server.get("/api/tiles/places/0/0/0.mvt")
      let left = Int(answer.headers["weir-features-left-out"] ?? "") ?? 0
      #expect(answer.status == 200 && (36..<40).contains(left), "\(answer.status) \(answer.headers)")
      #expect(answer.body.count > 1 << 20 && answer.body.count <= 4 << 20)
    }
  }

  @Test func `because one feature alone is larger than a tile may be is refused by name`() async throws {
    try await TestServer.withMaps { server, sample in
      try await onOwnThread { try sample.version(2, of: "places", rows: 3, Self.books(3, size: 5 << 20)) }
      let answer = try await server.get("/api/tiles/places/0/0/0.mvt")
      #expect(answer.status == 409, "\(answer.status)")
      #expect(answer.json["detail"] == #"dataset "places": one feature alone makes the tile larger than 4 MiB"#)
      #expect(answer.json["hint"] == "Its attributes are too long for a map: leave them out of the table, or shorten them.")
      // and the rest of the dataset is there
      #expect(try await server.get("/api/tiles/places").status == 200)
      #expect(try await server.get("/api/tiles/places/3/0/0.mvt").status == 204)
    }
  }

  /// Places with a text of so many bytes each, no two alike.
  private static func books(_ count: Int, size: Int) -> String {
    """
    CREATE TABLE %T AS SELECT n AS id, left(repeat(md5(n::text), \(size / 32)), \(size)) AS book,
        ST_Multi(ST_SetSRID(ST_MakePoint(n, 0), 4326))::geometry(MultiPoint, 4326) AS geom FROM generate_series(1, \(count)) AS n;
    CREATE INDEX ON %T USING gist (geom)
    """
  }

  @Test func `because somebody dropped its table is missing, and no fault`() async throws {
    try await TestServer.withMaps { server, sample in
      _ = try await onOwnThread { try sample.asGuest(["DROP TABLE geo.curated_places"]) }
      let answer = try await server.get("/api/tiles/places/0/0/0.mvt")
      #expect(answer.status == 404 && answer.json["detail"] == #"dataset "places" has no version yet"#, "\(answer.text)")
    }
  }
}
