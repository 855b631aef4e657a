import Database
import TestSupport
import Testing
import Workflow

@testable import Engine

@Suite struct `The STAC registry` {
  private let registry: Registry
  private let stac: Stac

  init() throws {
    registry = try Registry()
    stac = registry.stac
  }

  private func put(_ items: [String], _ collection: String = "c") throws -> StacReport {
    try stac.putItems(collection, items: Array(items.joined(separator: "\n").utf8))
  }

  private func parsed(_ text: String) -> JSON { RawJSON(unchecked: Array(text.utf8)[...]).parsed() }

  @Test func `an item comes back as it went in`() throws {
    let assets = #"{"href":"a.tif","type":"image/tiff","roles":["data"],"scale":0.49,"exact":10.0,"big":9007199254740993}"#
    let more = #","eo:cloud_cover":1.50,"nested":{"a":[1,2.0,{"b":"é\n\"x\""}]}"#
    _ = try stac.putCollection(
      Array(Make.collection(more: #","item_assets":{"data":{"type":"image/tiff","roles":["data"],"title":"T"}}"#).utf8))
    let texts = [
      Make.item("plain", more: more, assets: #"{"data":\#(assets),"thumb":{"href":"t.png"}}"#),
      Make.item("other", assets: #"{"thumb":{"href":"t.png","title":"x"}}"#),
      Make.item("same", assets: #"{"data":{"href":"x","type":"image/tiff","roles":["data"],"title":"T"}}"#),
    ]
    #expect(try put(texts).written == 3)
    let items = try registry.items("c")
    for text in texts {
      let item = parsed(text)
      let found = try #require(items[item["id"]?.stringValue ?? ""])
      #expect(found.isEquivalent(to: item), "\(found.serialized())")
    }
    #expect(items["plain"]?["assets"]?["data"]?["exact"]?.numberValue?.text == "10.0")
    #expect(items["plain"]?["assets"]?["data"]?["big"]?.numberValue?.text == "9007199254740993")
    #expect(items["plain"]?["properties"]?["eo:cloud_cover"]?.numberValue?.text == "1.50")
  }

  @Test func `what pgSTAC stores is what its own function would store`() throws {
    _ = try stac.putCollection(Array(Make.collection(more: #","item_assets":{"data":{"type":"image/tiff","title":"T"}}"#).utf8))
    let text = Make.item("a", assets: #"{"data":{"href":"x","type":"image/tiff"},"more":{"href":"y"}}"#)
    _ = try put([text])
    let rows = try registry.own.database.withConnection {
      try $0.query("SELECT content = pgstac.content_slim(\(text)::jsonb) AS same FROM pgstac.items WHERE id = 'a'")
    }
    #expect(try rows.one().bool("same"))
  }

  @Test func `an item without a datetime gets the start's, and stays valid`() throws {
    _ = try stac.putCollection(Array(Make.collection().utf8))
    let times = #","start_datetime":"2020-01-01T00:00:00Z","end_datetime":"2020-12-31T23:59:59Z""#
    _ = try put([Make.item("a", datetime: "null", more: times)])
    let item = try #require(try registry.items("c")["a"])
    #expect(item["properties"]?["datetime"] == "2020-01-01T00:00:00Z")
    #expect(StacDocument.problems(in: RawJSON(Make.filled(item))) == [])
  }

  @Test func `a repeat changes nothing, a change is written, a collection's new base item too`() throws {
    _ = try stac.putCollection(Array(Make.collection().utf8))
    let items = (0..<30).map { Make.item("i\($0)") }
    #expect(try put(items).written == 30)
    #expect(try put(items).unchanged == 30)
    var changed = items
    changed[7] = Make.item("i7", more: #","x":1"#)
    let report = try put(changed)
    #expect(report.written == 1 && report.unchanged == 29 && report.failed == [])
    let collection = Make.collection(more: #","item_assets":{"data":{"href2":"u"}}"#)
    #expect(try stac.putCollection(Array(collection.utf8)).written == 1)
    #expect(try stac.putCollection(Array(collection.utf8)).unchanged == 1)
    _ = try put(items)
    let found = try registry.items("c")
    #expect(try items.allSatisfy { try #require(found[parsed($0)["id"]?.stringValue ?? ""]).isEquivalent(to: parsed($0)) })
  }

  @Test func `elements that fail are reported one by one, and the others go through`() throws {
    _ = try stac.putCollection(Array(Make.collection().utf8))
    let report = try put([
      Make.item("a"), Make.item("b", collection: "other"), Make.item("c", geometry: "null"), Make.item("", more: ""),
      #"{"type":"Feature","x":}"#, Make.item("d", more: #","t":"\u0000""#), Make.item("a", more: #","x":2"#), Make.item("a"),
      Make.item("e", more: #","n":1e200000"#), Make.catalog(), Make.item("f"),
    ])
    #expect(report.written == 2 && report.unchanged == 1)
    #expect(report.failed.map(\.index) == [1, 2, 3, 4, 5, 6, 8, 9])
    #expect(report.failed.map(\.status.rawValue) == [300, 300, 300, 300, 300, 203, 300, 300])
    #expect(report.failed[0].message == #"/collection: is "other", the items are put into "c""#)
    #expect(report.failed[0].pointer == "/collection" && report.failed[0].id == "b")
    #expect(try registry.items("c").keys.sorted() == ["a", "f"])
  }

  @Test func `an item whose month changed leaves no second copy`() throws {
    _ = try stac.putCollection(Array(Make.collection().utf8), options: #"{"partition":"month"}"#)
    let months = (1...6).map { "\"2020-0\($0)-15T00:00:00Z\"" }
    let items = months.enumerated().flatMap { month, time in (0..<5).map { Make.item("i\(month)-\($0)", datetime: time) } }
    #expect(try put(items).written == 30)
    let moved = (0..<5).map { Make.item("i0-\($0)", datetime: months[5]) } + [Make.item("i1-0", datetime: "\"2021-01-01T00:00:00Z\"")]
    #expect(try put(moved).written == 6)
    #expect(try registry.count("pgstac.items") == 30)
    #expect(try registry.items("c")["i1-0"]?["properties"]?["datetime"] == "2021-01-01T00:00:00Z")
    #expect(try put(moved).unchanged == 6)
  }

  @Test func `partition counts for a new collection, and a difference is a warning`() throws {
    _ = try stac.putCollection(Array(Make.collection().utf8), options: #"{"partition":"year"}"#)
    let report = try stac.putCollection(Array(Make.collection().utf8), options: #"{"partition":"month"}"#)
    #expect(report.warnings == [#"collection "c" is there and partitioned by year, not by month: that stays as it is"#])
    #expect(try stac.putCollection(Array(Make.collection().utf8), options: "{}").warnings == [])
    let error = #expect(throws: StacError.self) { try stac.putCollection([], options: #"{"partition":"day"}"#) }
    #expect(error?.message == #"put_collection: /partition: is "day", it can be "month", "year" or null."#)
    #expect(throws: StacError.self) { try stac.putCollection(Array(Make.collection().utf8), options: #"{"partitions":null}"#) }
  }

  @Test func `prepared partitions take their items without a change`() throws {
    _ = try stac.putCollection(Array(Make.collection().utf8), options: #"{"partition":"month"}"#)
    let intervals = (1...9).map { #"["2020-0\#($0)-01T00:00:00Z",null],["2020-0\#($0)-28T00:00:00Z","2020-0\#($0)-28T12:00:00Z"]"# }
    let bytes = Array("[\(intervals.joined(separator: ","))]".utf8)
    for _ in 0..<2 { try stac.prepare("c", intervals: bytes) }
    #expect(try registry.count("pgstac.partition_stats") == 9)
    let before = try registry.count("pg_constraint")
    #expect(try put((1...9).map { Make.item("i\($0)", datetime: "\"2020-0\($0)-10T00:00:00Z\"") }).written == 9)
    #expect(try registry.count("pg_constraint") == before)
  }

  @Test func `wrong intervals are refused with their place`() throws {
    _ = try stac.putCollection(Array(Make.collection().utf8))
    let error = #expect(throws: StacError.self) {
      try stac.prepare("c", intervals: Array(#"[["2020-01-01T00:00:00Z",null],["2021-01-01T00:00:00Z","2020-01-01T00:00:00Z"]]"#.utf8))
    }
    #expect(error?.message == #"intervals of "c": /1: begins after its end."#)
  }

  @Test func `an unknown collection is told by name`() throws {
    let error = #expect(throws: StacError.self) { try put([Make.item("a")]) }
    #expect(error?.status == .notFound && error?.message == #"collection "c": it is not registered."#)
    #expect(throws: StacError.self) { try stac.finish("c") }
  }

  @Test func `finish counts, and draws the extent around what is there`() throws {
    _ = try stac.putCollection(Array(Make.collection().utf8))
    #expect(try stac.finish("c").items == 0)
    let points = [(1, -20.5, 5), (2, 30, -7.25), (3, 0, 0)]
    _ = try put(
      points.map { number, x, y in
        Make.item("i\(number)", datetime: "\"2020-0\(number)-01T00:00:00Z\"", geometry: #"{"type":"Point","coordinates":[\#(x),\#(y)]}"#)
      })
    let finish = try stac.finish("c")
    #expect(finish.items == 3)
    let expected: JSON = [
      "spatial": ["bbox": [[-20.5, -7.25, 30, 5]]],
      "temporal": ["interval": [["2020-01-01T00:00:00+00:00", "2020-03-01T00:00:00+00:00"]]],
    ]
    #expect(finish.extent.parsed().isEquivalent(to: expected), "\(finish.extent.text)")
    #expect(try stac.finish("c") == finish)
    #expect(try put([Make.item("late", datetime: "\"2024-01-01T00:00:00Z\"")]).written == 1)
  }

  @Test func `finish writes the source catalog's entry when asked`() throws {
    _ = try stac.putCollection(Array(Make.collection(more: #","title":"Crops","keywords":["crop","spam"]"#).utf8))
    _ = try put([Make.item("a")])
    let options = #"{"catalog":{"theme":"agriculture","container":"silver"}}"#
    for job in [7, 8] { _ = try stac.finish("c", options: options, jobID: Int64(job)) }
    let entry = try #require(try SourceCatalog(database: registry.own.database).entry("c"))
    #expect(entry.theme == "agriculture" && entry.title == "Crops" && entry.keywords == ["crop", "spam"])
    #expect(entry.itemCount == 1 && entry.assetContainer == "silver" && entry.jobID == 8)
    #expect(try registry.count("h3.source_catalog") == 1)
    _ = try stac.finish("c", options: #"{"catalog":{"theme":null,"container":"silver"}}"#)
    #expect(try SourceCatalog(database: registry.own.database).entry("c")?.theme == nil)
    #expect(throws: StacError.self) { try stac.finish("c", options: #"{"catalog":{"theme":"x"}}"#) }
  }

  @Test func `items are removed by id, and an absent one is no failure`() throws {
    _ = try stac.putCollection(Array(Make.collection().utf8))
    _ = try put([Make.item("a"), Make.item("b")])
    let report = try stac.removeItems("c", ids: Array(#"["a","zz",5]"#.utf8))
    #expect(report.removed == 1 && report.failed.map(\.index) == [2])
    #expect(try registry.items("c").keys.sorted() == ["b"])
  }

  @Test func `a cancelled call stops between transactions`() throws {
    _ = try stac.putCollection(Array(Make.collection().utf8))
    let error = #expect(throws: StacError.self) {
      try stac.putItems("c", items: Array(Make.item("a").utf8), cancel: { true })
    }
    #expect(error?.status == .cancelled)
    #expect(try registry.items("c").isEmpty)
  }
}

extension Make {
  /// A hydrated item with the bbox and links that a validator asks for.
  static func filled(_ item: JSON) -> JSON {
    RawJSON(unchecked: changed(item.serialized(), "/links", [])[...]).parsed()
  }
}
