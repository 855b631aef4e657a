import CuratedRules
import Foundation
import Testing

@Suite struct `What a version must be like` {
  private static func config(_ text: String = "{}") throws -> SourceConfig {
    try JSONDecoder().decode(SourceConfig.self, from: Data(text.utf8))
  }

  private static func problems(
    _ config: String = "{}", before: CurrentVersion? = nil, rows: Int = 100, read: Int? = nil, emptied: Int = 0,
    bounds: [Double]? = [-10, -10, 10, 10]
  ) throws -> [String] {
    VersionRules(config: try self.config(config), current: before).problems(
      .init(rows: rows, read: read ?? rows, emptied: emptied, bounds: bounds))
  }

  private static func before(_ rows: Int, _ bounds: [Double]? = nil) -> CurrentVersion {
    CurrentVersion(version: 1, rowCount: rows, bounds: bounds)
  }

  @Test func `as many rows as are expected`() throws {
    #expect(try Self.problems() == [])
    #expect(try Self.problems(rows: 0) == ["0 rows, at least 1 are expected"])
    #expect(try Self.problems(#"{"rows": {"least": 0}}"#, rows: 0) == [])
    #expect(try Self.problems(#"{"rows": {"least": 100, "most": 100}}"#) == [])
    #expect(try Self.problems(#"{"rows": {"least": 101}}"#) == ["100 rows, at least 101 are expected"])
    #expect(try Self.problems(#"{"rows": {"most": 99}}"#) == ["100 rows, at most 99 are expected"])
  }

  @Test(arguments: [(90, true), (89, false), (110, true), (111, false)])
  func `not many more or fewer than the version before`(rows: Int, isFine: Bool) throws {
    let change = #"{"rows": {"change": "10%"}}"#
    let found = try Self.problems(change, before: Self.before(100), rows: rows)
    #expect(found == (isFine ? [] : ["\(rows) rows, the version before has 100, and they may differ by 10%"]))
    #expect(try Self.problems(before: Self.before(100), rows: rows) == [], "unless nobody said by how many")
    #expect(try Self.problems(change, before: Self.before(0), rows: rows) == [])
  }

  @Test func `geometries for all but one of a hundred`() throws {
    #expect(try Self.problems(emptied: 1) == [])
    #expect(try Self.problems(emptied: 2) == ["2 of 100 rows have no multipolygon that can be read in EPSG:4326"])
    #expect(try Self.problems(#"{"geometry": "any"}"#, emptied: 100) == [])
    // rows that upsert keeps do not hide a source without geometries
    #expect(
      try Self.problems(rows: 10_000, read: 10, emptied: 10) == ["10 of 10 rows have no multipolygon that can be read in EPSG:4326"])
  }

  @Test func `bounds on Earth, with room for how sources write its edges`() throws {
    #expect(try Self.problems(bounds: [-180.00000000000006, -90, 180.00000000000006, 83.6]) == [])
    #expect(try Self.problems(bounds: nil) == [])
    for bounds in [[-181.0, 0, 0, 1], [0, -91, 1, 0], [0, 0, 180.1, 1], [0, 0, 1, 90.1], [0, 0, .infinity, 1]] {
      #expect(try Self.problems(bounds: bounds).first?.hasSuffix("the source's reference system is missing or wrong") == true, "\(bounds)")
    }
  }

  @Test func `no less than half of what the version before covers, where it may differ by so much only`() throws {
    let change = #"{"rows": {"change": "10%"}}"#
    let before = Self.before(100, [0, 0, 10, 10])
    #expect(try Self.problems(change, before: before, bounds: [0, 0, 10, 5]) == [])
    #expect(
      try Self.problems(change, before: before, bounds: [0, 0, 10, 4.9]) == [
        "its bounds 0.0, 0.0, 10.0, 4.9 cover less than half of those of the version before: the source's reference system may be wrong"
      ])
    #expect(try Self.problems(change, before: before, bounds: [20, 20, 30, 30]).count == 1)
    #expect(try Self.problems(before: before, bounds: [20, 20, 30, 30]) == [])
    // a single place covers nothing
    #expect(try Self.problems(change, before: Self.before(100, [5, 5, 5, 5]), bounds: [20, 20, 30, 30]) == [])
  }

  @Test func `all its columns, each named once`() throws {
    let rules = VersionRules(config: try Self.config(#"{"required": ["name", "id"], "key": ["id", "part"]}"#), current: nil)
    #expect(rules.missing(among: ["id", "name", "part", "geom"]) == [])
    #expect(rules.missing(among: ["geom"]) == ["name", "id", "part"])
  }

  @Test func `as its configuration says, or as is usual`() throws {
    let usual = try Self.config()
    #expect(usual.versionBy == "etag" && usual.kind == "multipolygon" && usual.keyColumns == [] && usual.mostChange == nil)
    #expect(usual.mostBytes == 10 << 30)
    let said = try Self.config(#"{"version": {"by": "member", "match": "*.txt"}, "max_size": "20MiB", "rows": {"change": "2.5%"}}"#)
    #expect(said.versionBy == "member" && said.mostBytes == 20 << 20 && said.mostChange == 0.025)
  }

  @Test(
    arguments: [
      ("0B", 0), ("1kB", 1000), ("3KiB", 3072), ("2GB", 2_000_000_000), ("1TiB", 1 << 40), ("1", nil), ("MiB", nil), ("-1MiB", nil),
      ("9223372036854775807TiB", nil), ("1 MiB", nil),
    ] as [(String, Int?)]) func `sizes have a unit`(text: String, bytes: Int?)
  {
    #expect(SourceConfig.bytes(text) == bytes)
  }
}
