import Engine
import Foundation
import TestSupport
import Testing
import Workflow

@testable import Web

/// Tiles as GDAL's own `ogrinfo` lists them, against the rows of the table.
@Suite struct `ogrinfo over vector tiles` {
  private struct Feature: Equatable {
    var texts: [String: String] = [:]
    /// West, south, east, north in EPSG:3857.
    var box: [Double] = []
  }

  @Test(arguments: [("lands", 0, MapSample.lands), ("places", 0, 20), ("ways", 0, 12), ("lands", 1, MapSample.lands)])
  func `lists the table feature for feature`(dataset: String, zoom: Int, count: Int) async throws {
    try await TestServer.withMaps { server, sample in
      var found: [String: Feature] = [:]
      for x in 0..<(1 << zoom) {
        for y in 0..<(1 << zoom) {
          let answer = try await server.get("/api/tiles/\(dataset)/\(zoom)/\(x)/\(y).mvt")
          guard answer.status == 200 else { continue }
          for feature in try await onOwnThread({ try Self.listed(answer.body, dataset, zoom, x, y) }) {
            let id = feature.texts["id"] ?? ""
            // what lies in several tiles is in each of them, cut at its edge
            found[id] = found[id].map { Self.joined($0, feature) } ?? feature
          }
        }
      }
      let rows = try await onOwnThread {
        try sample.asGuest([
          """
          SELECT id, name, ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM (SELECT id, name, ST_Transform(ST_Intersection(
              geom, ST_MakeEnvelope(-180, -85.0511287798066, 180, 85.0511287798066, 4326)), 3857) AS b FROM geo.curated_\(dataset)) AS rows
          """
        ])
      }
      #expect(found.count == count && rows.count == count)
      // what is smaller than a pixel is a square of 8 units of its degrees, which are longer the further north it lies
      let unit = 40_075_016.68 / 4_096 / Double(1 << zoom)
      for row in rows {
        let feature = try #require(found[row[0] ?? ""], "\(row)")
        #expect(feature.texts["name"] == row[1].map { $0.replacing("\n", with: " ") }, "\(row)")
        let wanted = row[2...].map { $0.flatMap { Double($0) } ?? .nan }
        #expect(zip(feature.box, wanted).allSatisfy { abs($0 - $1) <= 7 * unit }, "\(row) \(feature.box)")
      }
    }
  }

  private static func joined(_ one: Feature, _ other: Feature) -> Feature {
    let (a, b) = (one.box, other.box)
    return Feature(texts: one.texts, box: [min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])])
  }

  /// What `ogrinfo -al` prints: `OGRFeature(lands):7`, then a line `  name (String) = value` for each field, then the geometry.
  private static func listed(_ tile: [UInt8], _ layer: String, _ z: Int, _ x: Int, _ y: Int) throws -> [Feature] {
    let folder = TemporaryFolder()
    let file = "\(folder.path)/tile.mvt"
    try Data(tile).write(to: URL(filePath: file))
    let process = Process()
    let out = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/ogrinfo")
    process.arguments = ["-ro", "-al", file, "-oo", "X=\(x)", "-oo", "Y=\(y)", "-oo", "Z=\(z)", "-oo", "METADATA_FILE=", "-oo", "CLIP=NO"]
    process.standardOutput = out
    try process.run()
    let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    withExtendedLifetime(folder) {}
    var features: [Feature] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("OGRFeature(\(layer)):") {
        features.append(Feature())
      } else if line.hasPrefix("  "), let mark = line.firstRange(of: ") = "), let open = line[..<mark.lowerBound].lastIndex(of: "(") {
        let name = line[line.index(line.startIndex, offsetBy: 2)..<open].dropLast()
        features[features.count - 1].texts[String(name)] = String(line[mark.upperBound...])
      } else if line.hasPrefix("  MULTI") || line.hasPrefix("  P") || line.hasPrefix("  LINE"), !features.isEmpty {
        features[features.count - 1].box = box(line)
      }
    }
    return features
  }

  /// Of all the coordinates of a geometry as text.
  private static func box(_ text: Substring) -> [Double] {
    let numbers = text.split { !"-+.e0123456789".contains($0) }.compactMap { Double($0) }
    let (xs, ys) = (
      stride(from: 0, to: numbers.count, by: 2).map { numbers[$0] }, stride(from: 1, to: numbers.count, by: 2).map { numbers[$0] }
    )
    return [xs.min() ?? .nan, ys.min() ?? .nan, xs.max() ?? .nan, ys.max() ?? .nan]
  }
}
