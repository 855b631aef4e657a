import Engine
import Foundation
import TestSupport
import Testing
import Workflow

@testable import Web

@Suite struct `Vector tiles` {
  @Test func `are described by TileJSON, as the document says of it`() async throws {
    try await TestServer.withMaps { server, _ in
      let answer = try await server.get("/api/tiles/lands", headers: ["X-Forwarded-Proto": "https"])
      #expect(answer.status == 200, "\(answer.text)")
      let json = answer.json
      #expect(json["tilejson"] == "3.0.0" && json["name"] == "Lands" && json["attribution"] == "© &lt;b&gt;Nobody&lt;/b&gt; &amp; others")
      let tiles = json["tiles"]?[0]?.stringValue ?? ""
      #expect(tiles.hasPrefix("https://127.0.0.1:\(server.port)/api/tiles/lands/{z}/{x}/{y}.mvt?v=1-"))
      #expect(json["bounds"]?.arrayValue?.compactMap(\.doubleValue).map { Int($0.rounded()) } == [-180, -85, 180, 47])
      let fields = json["vector_layers"]?[0]?["fields"]?.objectValue
      #expect(fields?.keys == ["id", "name", "area", "is_small", MapSample.hostileColumn, "since", "tags"])
      #expect(fields?["area"] == "Number" && fields?["is_small"] == "Boolean" && fields?["since"] == "String")
      #expect(json["vector_layers"]?[0]?["id"] == "lands")
    }
  }

  @Test func `hold every feature that GDAL finds in the table, however small, at every zoom`() async throws {
    try await TestServer.withMaps { server, sample in
      for zoom in 0...2 {
        var found: [Int: JSON] = [:]
        for x in 0..<(1 << zoom) {
          for y in 0..<(1 << zoom) {
            let answer = try await server.get("/api/tiles/lands/\(zoom)/\(x)/\(y).mvt")
            guard answer.status == 200 else {
              #expect(answer.status == 204 && answer.body.isEmpty, "\(answer.text)")
              continue
            }
            #expect(answer.headers["content-type"] == TileRoutes.type)
            for feature in try await onOwnThread({ try Self.features(answer.body, zoom, x, y) }) {
              found[feature["properties"]?["id"]?.intValue ?? -1] = feature
            }
          }
        }
        #expect(found.keys.sorted() == Array(0..<MapSample.lands), "at zoom \(zoom)")
        #expect(found[7]?["properties"]?["name"]?.stringValue == Showcase.hostile)
        #expect(found[7]?["properties"]?["area"] == 10.5 && found[96]?["properties"]?["is_small"]?.boolValue ?? true)
        #expect(found[7]?["properties"]?[MapSample.hostileColumn]?.doubleValue == 7e12)
        #expect(found[3]?["properties"]?["since"] == "2026-01-04" && found[3]?["properties"]?["raw"] == nil)
        #expect(found.values.allSatisfy { $0["geometry"]?["type"]?.stringValue?.hasSuffix("Polygon") == true })
      }
      _ = sample
    }
  }

  @Test func `lie where the features lie`() async throws {
    try await TestServer.withMaps { server, sample in
      let bytes = try await server.get("/api/tiles/places/0/0/0.mvt").body
      let features = try await onOwnThread { try Self.features(bytes, 0, 0, 0) }
      let wanted = try await onOwnThread {
        try sample.asGuest(["SELECT id, ST_X(ST_GeometryN(geom, 1)), ST_Y(ST_GeometryN(geom, 1)) FROM geo.curated_places"])
      }
      #expect(features.count == 20 && wanted.count == 20)
      for feature in features {
        let row = try #require(wanted.first { $0[0] == feature["properties"]?["id"].map { "\($0.intValue ?? 0)" } })
        let place = feature["geometry"]?["coordinates"]
        let at = place?[0]?.arrayValue == nil ? place : place?[0]
        // a unit of zoom 0 is a twelfth of a degree wide
        #expect(abs((at?[0]?.doubleValue ?? 999) - (Double(row[1] ?? "") ?? 0)) < 0.1)
        #expect(abs((at?[1]?.doubleValue ?? 999) - (Double(row[2] ?? "") ?? 0)) < 0.1)
      }
    }
  }

  @Test func `are kept by who has them until another version is current`() async throws {
    try await TestServer.withMaps { server, sample in
      let first = try await server.get("/api/tiles/places/0/0/0.mvt")
      let tag = try #require(first.headers["etag"])
      #expect(tag.hasPrefix("W/\"1-") && first.headers["cache-control"] == "private, no-cache")
      let pinned = try #require(try await server.get("/api/tiles/places").json["tiles"]?[0]?.stringValue?.split(separator: "?").last)
      let kept = try await server.get("/api/tiles/places/0/0/0.mvt?\(pinned)")
      #expect(kept.headers["cache-control"] == "private, max-age=86400, immutable" && kept.body == first.body)
      let again = try await server.get("/api/tiles/places/0/0/0.mvt", headers: ["If-None-Match": "\"x\", \(tag)"])
      #expect(again.status == 304 && again.body.isEmpty && again.headers["etag"] == tag)
      try await onOwnThread { try sample.version(2, of: "places", rows: 5, MapSample.placesTable(5)) }
      let second = try await server.get("/api/tiles/places/0/0/0.mvt?\(pinned)", headers: ["If-None-Match": tag])
      #expect(
        second.status == 200 && second.headers["etag"]?.hasPrefix("W/\"2-") == true
          && second.headers["cache-control"] == "private, no-cache")
      #expect(try await onOwnThread { try Self.features(second.body, 0, 0, 0) }.count == 5)
      // the number of a version that went comes again, with another content
      try await onOwnThread { [datasets = server.engine.datasets] in
        _ = try datasets.rollback("places", to: 1, by: .system)
        try sample.asGuest(["SELECT geo.curated_drop_old('places', 0)"])
        try sample.version(2, of: "places", rows: 7, MapSample.placesTable(7))
      }
      let third = try await server.get("/api/tiles/places/0/0/0.mvt", headers: ["If-None-Match": second.headers["etag"] ?? ""])
      #expect(third.status == 200)
      #expect(try await onOwnThread { try Self.features(third.body, 0, 0, 0) }.count == 7)
    }
  }

  @Test func `travel in gzip to those who read it`() async throws {
    try await TestServer.withMaps { server, _ in
      let plain = try await server.get("/api/tiles/lands/0/0/0.mvt", headers: ["Accept-Encoding": "br, gzip;q=0"])
      #expect(plain.headers["content-encoding"] == nil && plain.headers["vary"] == "Accept-Encoding")
      let packed = try await server.get("/api/tiles/lands/0/0/0.mvt", headers: ["Accept-Encoding": "br, gzip"])
      #expect(packed.headers["content-encoding"] == "gzip" && packed.body.count < plain.body.count)
      let script = "import gzip, sys; data = gzip.decompress(open(sys.argv[1], 'rb').read()); print(data == open(sys.argv[2], 'rb').read())"
      let folder = TemporaryFolder()
      for (name, bytes) in [("a", packed.body), ("b", plain.body)] { try Data(bytes).write(to: URL(filePath: "\(folder.path)/\(name)")) }
      #expect(try MapData.python(script, ["\(folder.path)/a", "\(folder.path)/b"]).hasPrefix("True"))
    }
  }

  /// A tile that cannot be, and what is said of it.
  private static let refused = [
    ("lands/23/0/0", 400, "z: expected a whole number from 0 to 22, got \"23\"."),
    ("lands/3/8/0", 404, "at zoom 3 there is no tile 8/0"),
    ("lands/0/0/99999999", 400, "y: expected a whole number from 0 to 4194303, got \"99999999\"."),
    ("lands/1e3/0/0", 400, "z: expected a whole number from 0 to 22, got \"1e3\"."),
    ("lands/0/-1/0", 400, "x: expected a whole number from 0 to 4194303, got \"-1\"."),
    ("oceans/0/0/0", 404, "there is no dataset \"oceans\""),
    ("plans/0/0/0", 404, "dataset \"plans\" has no version yet"),
    ("lists/0/0/0", 409, "dataset \"lists\": geo.curated_lists has no geometry with a reference system"),
    (
      "lands%22%3B%20DROP%20TABLE%20geo.curated_lands%3B%20--/0/0/0", 404,
      "there is no dataset \"lands\"; DROP TABLE geo.curated_lands; --\""
    ),
  ]

  @Test func `that cannot be are refused by name`() async throws {
    try await TestServer.withMaps { server, _ in
      for (path, status, detail) in Self.refused {
        let answer = try await server.get("/api/tiles/\(path).mvt")
        #expect(answer.status == status && answer.json["detail"]?.stringValue == detail, "\(answer.text)")
      }
    }
  }

  @Test func `of a crowd hold the largest, and say how many they leave out`() async throws {
    try await TestServer.withMaps { server, sample in
      try await onOwnThread { try sample.version(2, of: "places", rows: 52_000, MapSample.placesTable(52_000)) }
      let world = try await server.get("/api/tiles/places/0/0/0.mvt")
      #expect(world.status == 200 && world.headers["weir-features-left-out"] == "2000", "\(world.headers)")
      #expect(world.body.count < 4 << 20)
      #expect(try await server.get("/api/tiles/places/3/2/3.mvt").headers["weir-features-left-out"] == nil)
    }
  }

  /// GDAL's own driver reads the tile, and writes what it found as GeoJSON.
  private static func features(_ tile: [UInt8], _ z: Int, _ x: Int, _ y: Int) throws -> [JSON] {
    let folder = TemporaryFolder()
    let file = "\(folder.path)/tile.mvt"
    try Data(tile).write(to: URL(filePath: file))
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/ogr2ogr")
    process.arguments = [
      "-f", "GeoJSON", "\(folder.path)/tile.json", file, "-t_srs", "EPSG:4326", "-oo", "X=\(x)", "-oo", "Y=\(y)", "-oo", "Z=\(z)",
      "-oo", "METADATA_FILE=",
    ]
    try process.run()
    process.waitUntilExit()
    let json = try JSON(parsing: Array(Data(contentsOf: URL(filePath: "\(folder.path)/tile.json"))))
    withExtendedLifetime(folder) {}
    return json["features"]?.arrayValue ?? []
  }
}
