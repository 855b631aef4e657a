import TestSupport
import Testing
import Workflow

@testable import Engine

@Suite struct `Drawing tiles` {
  @Test func `takes the index of the geometry`() async throws {
    try await TestServer.withMaps { server, sample in
      let plan = try await onOwnThread { [tiles = server.engine.tiles] in
        try sample.version(2, of: "places", rows: 20_000, MapSample.placesTable(20_000))
        try sample.asGuest(["ANALYZE geo.curated_places"])
        var statement = TileStatements(layer: try tiles.layer(of: "places")).tile(isCut: false)
        let values = ["8.4", "47.0", "9.1", "47.5", "9", "268", "179", "0.0001", "'places'", "50000"]
        for (place, value) in values.enumerated().reversed() { statement = statement.replacing("$\(place + 1)", with: value) }
        return try sample.asGuest(["EXPLAIN \(statement)"]).compactMap { $0[0] }.joined(separator: "\n")
      }
      // drawn once: not again in a filter
      #expect(!plan.contains("st_asmvtgeom("), "\(plan)")
      #expect(plan.contains("Index Cond: ((geom && "), "\(plan)")
    }
  }

  @Test func `keeps those that were asked for last, up to so many bytes`() throws {
    let cache = TileCache(mostBytes: 20_000)
    let edition = Edition(version: 1, oid: "7")
    func key(_ x: Int) throws -> TileCache.Key {
      TileCache.Key(dataset: "lands", edition: edition, address: try #require(TileAddress(z: 10, x: x, y: 0)))
    }
    for x in 0..<100 {
      cache.keep(Tile(edition: edition, bytes: [UInt8](repeating: 1, count: 1_000), features: 1, leftOut: 0), try key(x))
      #expect(cache[try key(0)] != nil && cache.bytes <= 20_000)
    }
    #expect(try cache[key(1)] == nil)
    #expect(try cache[key(99)]?.bytes.count == 1_000)
    cache.keep(Tile(edition: edition, bytes: [], features: 0, leftOut: 0), try key(99))
    #expect(try cache[key(99)]?.bytes.isEmpty == true)
  }
}
