import HandlerABI
import HandlerKit
import HandlerStub
import Testing

@Suite struct `Ingest` {
  @Test func `registers items whose documents differ only in collection, links and hrefs`() throws {
    let pipeline = try Pipeline()
    var item = try pipeline.item("a b", assets: [("data", "./d/a b.tif")], more: #" , "big" : 12345678901234567890"#)
    item.text = item.text.replacing(
      #""links": []"#, with: #""links": [{"rel":"self","href":"https://e.org/a.json"}, {"rel":"via","href":"https://e.org/via"}]"#)
    try pipeline.put(items: [item])
    let copied = try pipeline.ingest()
    #expect(copied.count == 1)
    #expect(pipeline.host.result?.text == #"{"registered":1}"#)
    let expected =
      item.text
      .replacing(#"{"rel":"self","href":"https://e.org/a.json"}, "#, with: " ")
      .replacing("./d/a b.tif", with: "stub://silver/d/a%20b.tif")
      .replacing("12345678901234567890}", with: #"12345678901234567890, "collection":"c"}"#)
    #expect(pipeline.host.stac.items["c"]?["a b"]?.text == expected)
    #expect(pipeline.host.storage.bytes("silver", "d/a b.tif") == pipeline.host.storage.bytes("bronze", "d/a b.tif"))
    #expect(pipeline.host.stac.prepared?.text == #"[["2020-05-01T00:00:00Z","2020-05-01T00:00:00Z"]]"#)
  }

  @Test func `takes weir URLs where the host does not say where a container is`() throws {
    let pipeline = try Pipeline()
    pipeline.host.storage.tellsMore = false
    try pipeline.put(items: [pipeline.item("a")])
    _ = try pipeline.ingest()
    #expect(pipeline.host.stac.items["c"]?["a"]?["assets"]?["data"]?["href"]?.string == "weir://silver/a.tif")
  }

  @Test func `registers the collection with its assets copied and without links to items`() throws {
    let pipeline = try Pipeline()
    try pipeline.host.storage.put("bronze", "thumb.png", "picture")
    try pipeline.host.storage.put("bronze", "LICENSE", "free")
    try pipeline.put(
      items: [pipeline.item("a")],
      links: [
        #"{"rel":"root","href":"./collection.json"}"#, #"{"rel":"license","href":"LICENSE"}"#, #"{"rel":"about","href":"https://e.org"}"#,
      ],
      more:
        #","assets":{"thumbnail":{"href":"./thumb.png","size":10.0},"web":{"href":"https://e.org/x"},"gone":{"href":"gone.png"}},"summaries":{"n":[0.10]}"#
    )
    #expect(pipeline.registerCollection())
    let stored = try #require(pipeline.host.stac.collections["c"])
    #expect(
      stored["links"]?.text == #"[{"rel":"license","href":"stub://silver/LICENSE"},{"rel":"about","href":"https://e.org"}]"#)
    #expect(
      stored["assets"]?.text == #"{"thumbnail":{"href":"stub://silver/thumb.png","size":10.0},"web":{"href":"https://e.org/x"}}"#)
    #expect(stored["summaries"]?.text == #"{"n":[0.10]}"#)
    #expect(pipeline.host.storage.bytes("silver", "thumb.png") != nil)
    #expect(pipeline.reasons() == ["collection.json#/assets/gone": "bronze/gone.png: is not there"])
  }

  @Test func `copies only what is missing or differs on a rerun`() throws {
    let pipeline = try Pipeline()
    try pipeline.put(items: [pipeline.item("a"), pipeline.item("b"), pipeline.item("c")])
    _ = try pipeline.ingest()
    try pipeline.host.storage.put("silver", "b.tif", "somebody else's")
    pipeline.inventory()
    #expect(pipeline.copy(pipeline.host.items))
    #expect(
      pipeline.host.result?.text
        == #"{"bytes_copied":16,"files_copied":1,"files_skipped":2,"items_copied":1,"items_skipped":2}"#)
    #expect(
      pipeline.host.metrics == [
        "files_copied": 1, "files_skipped": 2, "bytes_copied": 16, "files_done": 3, "cogs_done": 3, "bytes_done": 48,
      ])
    #expect(pipeline.host.items.count == 3)
  }

  @Test func `copies everything again with overwrite`() throws {
    let pipeline = try Pipeline()
    try pipeline.put(items: [pipeline.item("a")])
    let copied = try pipeline.ingest()
    #expect(pipeline.copy(copied, #","overwrite":true"#))
    #expect(pipeline.host.result?["files_copied"]?.int == 1)
  }

  @Test func `without overwrite and skip_existing rejects what was there, but not what its own attempt copied`() throws {
    let pipeline = try Pipeline()
    try pipeline.put(items: [pipeline.item("a"), pipeline.item("b")])
    try pipeline.host.storage.put("silver", "a.tif", "bytes of ./a.tif")
    pipeline.inventory()
    let items = pipeline.host.items
    for _ in 0..<2 {
      #expect(pipeline.copy(items, #","overwrite":false,"skip_existing":false"#))
      #expect(pipeline.host.items.map { $0["id"]?.string } == ["b"])
      #expect(pipeline.reasons() == ["a": "bronze/a.tif: silver/a.tif is there already"])
    }
  }

  @Test func `rejects an item of which one asset failed and passes on the others`() throws {
    let pipeline = try Pipeline()
    try pipeline.put(items: [pipeline.item("a", assets: [("x", "./x.tif"), ("y", "./y.tif")]), pipeline.item("b")])
    pipeline.inventory()
    let items = pipeline.host.items
    pipeline.host.storage.failing = ["y.tif": WEIR_DENIED]
    #expect(pipeline.copy(items))
    #expect(pipeline.host.items.map { $0["id"]?.string } == ["b"])
    #expect(pipeline.host.rejects.map(\.code) == [Int32(WEIR_DENIED)])
    #expect(pipeline.reasons() == ["a": "bronze/y.tif: planted failure"])
  }

  @Test func `asks for another attempt while that may help, and rejects on the last`() throws {
    let pipeline = try Pipeline()
    try pipeline.put(items: [pipeline.item("a"), pipeline.item("b")])
    pipeline.inventory()
    let items = pipeline.host.items
    pipeline.host.storage.failing = ["a.tif": WEIR_BUSY]
    #expect(!pipeline.copy(items))
    #expect(pipeline.host.status == Int32(WEIR_RETRY))
    #expect(pipeline.host.failure?.message == "1 of 2 files could not be copied, first a.tif: bronze/a.tif: planted failure")
    pipeline.host.attempt = 3
    #expect(pipeline.copy(items))
    #expect(pipeline.host.items.map { $0["id"]?.string } == ["b"])
    #expect(pipeline.host.rejects.map(\.subject) == ["a"])
  }

  @Test func `rejects what changed or went after the inventory`() throws {
    let pipeline = try Pipeline()
    try pipeline.put(items: [pipeline.item("a"), pipeline.item("b"), pipeline.item("c")])
    pipeline.inventory()
    let items = pipeline.host.items
    try pipeline.host.storage.put("bronze", "a.tif", "changed")
    #expect(pipeline.copy(items))
    #expect(pipeline.reasons() == ["a": "bronze/a.tif: is not what it was"])
    pipeline.registerCollection()
    try pipeline.host.storage.put("bronze", "b.json", pipeline.item("b").text + " ")
    #expect(pipeline.registerItems(items))
    #expect(pipeline.reasons() == ["b": "bronze/b.json changed after the inventory; submit the job again."])
    #expect(pipeline.host.result?["registered"]?.int == 2)
  }

  @Test func `rejects items that the catalogue refuses and retries those that it may take later`() throws {
    let pipeline = try Pipeline()
    try pipeline.put(items: [pipeline.item("a"), pipeline.item("b")])
    let copied = try pipeline.ingest()
    pipeline.host.stac.failing = ["a": WEIR_FAILED]
    #expect(pipeline.registerItems(copied))
    #expect(pipeline.host.result?["registered"]?.int == 1)
    #expect(pipeline.reasons() == ["a": "planted failure"])
    pipeline.host.stac.failing = ["b": WEIR_BUSY]
    #expect(!pipeline.registerItems(copied))
    #expect(pipeline.host.status == Int32(WEIR_RETRY))
  }

  @Test func `does not take a cancelled batch for rejects`() throws {
    let pipeline = try Pipeline()
    try pipeline.put(items: [pipeline.item("a")])
    let copied = try pipeline.ingest()
    pipeline.host.storage.failing = ["a.tif": WEIR_CANCELLED]
    #expect(!pipeline.copy(copied))
    #expect(pipeline.host.status == Int32(WEIR_CANCELLED))
    pipeline.host.stac.failing = ["a": WEIR_CANCELLED]
    #expect(!pipeline.registerItems(copied))
    #expect(pipeline.host.status == Int32(WEIR_CANCELLED))
    #expect(pipeline.host.rejects.isEmpty)
  }

  @Test func `takes items larger than a usual one, up to a bound`() throws {
    let pipeline = try Pipeline()
    let large = try pipeline.item("a", more: #","x":"\#(String(repeating: "x", count: 300 << 10))""#)
    let huge = try pipeline.item("b", more: #","x":"\#(String(repeating: "x", count: 4 << 20))""#)
    try pipeline.put(items: [large, huge])
    #expect(try pipeline.ingest().count == 1)
    #expect(pipeline.host.stac.items["c"]?["a"]?["x"]?.bytes.count == (300 << 10) + 2)
    pipeline.inventory()
    #expect(pipeline.reasons().keys.sorted() == ["./b.json"])
    #expect(pipeline.host.rejects.map(\.code) == [Int32(WEIR_TOO_LARGE)])
  }
}
