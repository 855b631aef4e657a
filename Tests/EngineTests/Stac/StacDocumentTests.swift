import Testing
import Workflow

@testable import Engine

@Suite struct `STAC documents` {
  private func problems(_ bytes: [UInt8]) -> [String] {
    StacDocument.problems(in: RawJSON(unchecked: bytes[...])).map(\.description)
  }

  @Test func `items, catalogs and collections of both versions are valid`() {
    #expect(problems(Array(Make.item("a").utf8)) == [])
    #expect(problems(Make.changed(Make.item("a"), "/stac_version", "1.1.0")) == [])
    #expect(problems(Array(Make.collection().utf8)) == [])
    #expect(problems(Array(Make.catalog().utf8)) == [])
    let times = #","start_datetime":"2020-01-01T00:00:00Z","end_datetime":"2020-12-31T23:59:59.5+00:00""#
    #expect(problems(Array(Make.item("a", datetime: "null", more: times).utf8)) == [])
  }

  @Test(
    arguments: [
      ("/type", "Fature", #"/type: is "Fature", it can be "Feature", "Catalog" or "Collection""#),
      ("/type", nil, "document: \"type\" is missing"),
      ("/stac_version", "0.9.0", #"/stac_version: is "0.9.0", supported are "1.0.0" and "1.1.0""#),
      ("/stac_version", nil, "document: \"stac_version\" is missing"),
      ("/id", "", "/id: is empty"), ("/id", 5, "/id: expected is a string, given is a number"),
      ("/id", nil, "document: \"id\" is missing"), ("/links", nil, "document: \"links\" is missing"),
      ("/links", [["rel": "self"]], "/links/0: \"href\" is missing"),
      ("/links", [["rel": "", "href": "x"]], "/links/0/rel: is empty"),
      ("/assets", nil, "document: \"assets\" is missing"),
      ("/assets/da~1ta", ["title": "t"], "/assets/da~1ta: \"href\" is missing"),
      ("/assets/data/roles", "data", "/assets/data/roles: expected is an array, given is a string"),
      ("/properties", nil, "document: \"properties\" is missing"),
      ("/properties/datetime", nil, "/properties: \"datetime\" is missing"),
      ("/properties/datetime", .null, "/properties/datetime: is null, so start_datetime and end_datetime must be there"),
      (
        "/properties/datetime", "2020-02-30T00:00:00Z",
        #"/properties/datetime: "2020-02-30T00:00:00Z" is no time in UTC as RFC 3339 writes it, such as "2020-12-31T23:59:59Z""#
      ),
      (
        "/properties/created", "2020-01-01",
        #"/properties/created: "2020-01-01" is no time in UTC as RFC 3339 writes it, such as "2020-12-31T23:59:59Z""#
      ),
      ("/properties/gsd", 0, "/properties/gsd: must be above 0"),
      ("/bbox", nil, "document: \"bbox\" is missing"), ("/bbox", [1, 2, 3], "/bbox: a bbox has 4 or 6 numbers"),
      ("/bbox", [0, 10, 1, 5], "/bbox: the bbox's south 10.0 is above its north 5.0"),
      ("/geometry", nil, "document: \"geometry\" is missing"),
      ("/geometry", .null, "/bbox: is not allowed where the geometry is null"),
      ("/geometry/type", "Dot", "/geometry/type: there is no geometry type \"Dot\""),
      ("/geometry/coordinates", [1], "/geometry/coordinates: a position has at least 2 numbers, this has 1"),
      ("/geometry/coordinates", [1, "2"], "/geometry/coordinates: a position has numbers only"),
      ("/collection", "", "/collection: is empty"),
    ] as [(String, JSON?, String)])
  func `a fault in an item is told with its place`(pointer: String, value: JSON?, message: String) {
    #expect(problems(Make.changed(Make.item("a"), pointer, value)) == [message])
  }

  @Test(
    arguments: [
      ("Polygon", [[[0, 0], [1, 0], [1, 1]]], "/geometry/coordinates/0: a polygon's ring has at least 4 positions, this has 3"),
      (
        "Polygon", [[[0, 0], [1, 0], [1, 1], [0, 1]]], "/geometry/coordinates/0: a polygon's ring ends where it begins; this one is open"
      ),
      ("Polygon", [], "/geometry/coordinates: a polygon has at least one ring"),
      ("LineString", [[0, 0]], "/geometry/coordinates: a line has at least 2 positions, this has 1"),
      ("MultiPolygon", [[[[0, 0], [1, "x"]]]], "/geometry/coordinates/0/0/1: a position has numbers only"),
      ("Point", [[0, 0]], "/geometry/coordinates: a position has numbers only"),
      ("MultiPoint", 5, "/geometry/coordinates: expected is an array, given is a number"),
    ] as [(String, JSON, String)])
  func `a fault in a geometry is told with its place`(type: String, coordinates: JSON, message: String) {
    let geometry: JSON = ["type": JSON(type), "coordinates": coordinates]
    #expect(problems(Make.changed(Make.item("a"), "/geometry", geometry)) == [message])
  }

  @Test(
    arguments: [
      ("/license", nil, "document: \"license\" is missing"),
      ("/license", "free for all", #"/license: is "free for all", expected is an identifier such as "CC-BY-4.0" or "other""#),
      (
        "/providers", [["name": "n", "roles": ["owner"]]],
        #"/providers/0/roles: "owner" is no role; there are "producer", "licensor", "processor" and "host""#
      ),
      ("/providers", [["url": "x"]], "/providers/0: \"name\" is missing"),
      ("/summaries", ["gsd": 5], "/summaries/gsd: expected are values in an array, a range or a JSON Schema"),
      ("/item_assets", ["data": ["roles": [1]]], "/item_assets/data/roles/0: expected is a string, given is a number"),
      ("/description", "", "/description: is empty"),
      ("/extent", nil, "document: \"extent\" is missing"), ("/extent/spatial", nil, "/extent: \"spatial\" is missing"),
      ("/extent/spatial/bbox", [], "/extent/spatial/bbox: is empty"),
      ("/extent/spatial/bbox/0", [1], "/extent/spatial/bbox/0: a bbox has 4 or 6 numbers"),
      ("/extent/temporal/interval/0", [.null], "/extent/temporal/interval/0: an interval has two times; null leaves a side open"),
      (
        "/extent/temporal/interval/0", ["2021-01-01T00:00:00Z", "2020-01-01T00:00:00Z"],
        "/extent/temporal/interval/0: the interval begins after its end"
      ),
      ("/item_assets", ["data": ["href": "x"]], "/item_assets/data/href: is not allowed in item_assets"),
    ] as [(String, JSON?, String)])
  func `a fault in a collection is told with its place`(pointer: String, value: JSON?, message: String) {
    #expect(problems(Make.changed(Make.collection(), pointer, value)) == [message])
  }

  @Test func `a member that stands twice is told, since only one of them would count`() {
    let text = Make.item("a").replacing(#""links":[]"#, with: #""links":[],"id":"b""#)
    #expect(problems(Array(text.utf8)) == ["/id: stands twice"])
  }

  @Test func `every fault is told at once`() {
    var item = Make.changed(Make.item("a"), "/id", nil)
    item = Make.changed(String(decoding: item, as: UTF8.self), "/assets/data/href", "")
    let end = #"{"datetime":null,"start_datetime":"2021-01-01T00:00:00Z","end_datetime":"2020-01-01T00:00:00Z"}"#
    item = Make.changed(String(decoding: item, as: UTF8.self), "/properties", RawJSON(unchecked: Array(end.utf8)[...]).parsed())
    #expect(
      problems(item) == [
        "/assets/data/href: is empty", "document: \"id\" is missing", "/properties/start_datetime: lies after end_datetime",
      ])
  }

  @Test(arguments: ["5", "[]", "null", "\"x\"", "{}", #"{"type":5}"#])
  func `what is no STAC document at all is told so`(text: String) {
    #expect(problems(Array(text.utf8)).count == 1)
  }

  @Test func `a batch is checked element by element`() throws {
    let text = Make.item("a") + "\n" + Make.catalog() + #"{"type":"Feature","id":"b"} {"broken":tru} "# + Make.item("c") + "{"
    let report = try Stac.check(Array(text.utf8))
    #expect(report.unchanged == 3)
    #expect(report.failed.map(\.index) == [2, 3, 5])
    #expect(report.failed.map(\.id) == ["b", nil, nil])
    #expect(report.json["failed"]?[0]?["pointer"] == "")
    #expect(report.json["failed"]?[0]?["status"] == 300)
  }
}

@Suite struct `STAC times` {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:30:15.25Z", 951_827_415_250_000), ("1969-12-31T23:59:59.999999Z", -1),
    ("0001-01-01t00:00:00z", -62_135_596_800_000_000), ("9999-12-31T23:59:59.9999999Z", 253_402_300_799_999_999),
    ("2016-12-31T23:59:60+00:00", 1_483_228_800_000_000),
  ])
  func `are read to the microsecond and written back`(text: String, microseconds: Int64) throws {
    let time = try #require(StacTime(text.utf8))
    #expect(time.microseconds == microseconds)
    #expect(StacTime(time.text.utf8) == time)
  }

  @Test(arguments: [
    "", "2020", "2020-1-01T00:00:00Z", "2020-01-01 00:00:00Z", "2020-01-01T00:00:00", "2020-01-01T00:00:00+02:00",
    "2021-02-29T00:00:00Z", "2020-13-01T00:00:00Z", "2020-01-01T24:00:00Z", "2020-01-01T00:00:00.Z", "0000-01-01T00:00:00Z",
    "2020-01-01T00:00:00Zx",
  ])
  func `that are no UTC time of RFC 3339 are refused`(text: String) {
    #expect(StacTime(text.utf8) == nil)
  }

  @Test func `lie in months and years of UTC`() throws {
    let last = try #require(StacTime("2020-01-31T23:59:59.999999Z".utf8))
    let first = try #require(StacTime("2020-02-01T00:00:00Z".utf8))
    #expect(last.bucket(.month) + 1 == first.bucket(.month))
    #expect(last.bucket(.year) == first.bucket(.year))
    #expect(first.bucket(.none) == 0)
  }
}
