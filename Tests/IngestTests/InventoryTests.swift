import HandlerABI
import HandlerKit
import HandlerStub
import Testing

@Suite struct `Inventory` {
  @Test func `emits every item with all its assets, sizes and ETags`() throws {
    let pipeline = try Pipeline()
    try pipeline.put(items: [pipeline.item("a", assets: [("data", "./a.tif"), ("quick", "./q/a.png")]), pipeline.item("b")])
    #expect(pipeline.inventory())
    #expect(pipeline.host.items.map { $0["id"]?.string } == ["a", "b"])
    let assets = try #require(pipeline.host.items.first?["assets"]?.elements)
    #expect(assets.map { $0["key"]?.string } == ["a.tif", "q/a.png"])
    #expect(assets.map { $0["size"]?.int } == [16, 18])
    #expect(assets.allSatisfy { $0["etag"]?.string?.isEmpty == false })
    let result = try #require(pipeline.host.result)
    #expect(
      result.text
        == #"{"bytes":50,"collection":"collection.json","collection_id":"c","files":3,"intervals":[["2020-05-01T00:00:00Z","2020-05-01T00:00:00Z"]],"items_listed":2,"keywords":["crops"],"rejected":0}"#
    )
    #expect(pipeline.host.metrics == ["items_listed": 2, "files_listed": 3, "bytes_listed": 50])
  }

  @Test func `makes the target, or demands that it is there`() throws {
    let pipeline = try Pipeline()
    try pipeline.put(items: [])
    #expect(!pipeline.inventory(#","create_target":false"#))
    #expect(pipeline.host.failure?.message == "There is no container silver. Make it, or set create_target_container to true.")
    #expect(pipeline.inventory())
    #expect(pipeline.inventory(#","create_target":false"#))
  }

  @Test func `says what is wrong with the collection`() throws {
    let pipeline = try Pipeline()
    #expect(!pipeline.inventory())
    #expect(
      pipeline.host.failure?.message
        == "bronze/collection.json does not exist. Name the collection's document with collection_json_path.")
    try pipeline.host.storage.put("bronze", "collection.json", "{")
    #expect(!pipeline.inventory())
    #expect(pipeline.host.failure?.message == "bronze/collection.json: line 1, column 2: expected a key in double quotes")
    try pipeline.host.storage.put("bronze", "collection.json", pipeline.item("a").text)
    #expect(!pipeline.inventory())
    #expect(pipeline.host.failure?.message == #"bronze/collection.json: this is no STAC collection: its type is "Feature"."#)
    try pipeline.put(items: [])
    let old = String(decoding: pipeline.host.storage.bytes("bronze", "collection.json") ?? [], as: UTF8.self)
    try pipeline.host.storage.put("bronze", "collection.json", old.replacing("1.0.0", with: "0.9.0"))
    #expect(!pipeline.inventory())
    #expect(pipeline.host.failure?.message == #"bronze/collection.json: stac_version is "0.9.0"; 1.0 and 1.1 can be read."#)
  }

  @Test func `keeps the first of two items with one id and names both`() throws {
    let pipeline = try Pipeline()
    let first = try pipeline.item("a")
    try pipeline.put(items: [first, ("twin.json", first.text)])
    #expect(pipeline.inventory())
    #expect(pipeline.host.items.map { $0["key"]?.string } == ["a.json"])
    #expect(pipeline.reasons() == ["a": "twin.json: a.json has the same id, was listed first and is kept."])
  }

  @Test func `rejects an item with all that is wrong with its assets`() throws {
    let pipeline = try Pipeline()
    let bad = try pipeline.item(
      "a", assets: [("ok", "./a.tif"), ("web", "https://e.org/a.tif"), ("gone", "gone.tif"), ("up", "../a.tif")])
    try pipeline.put(items: [bad])
    #expect(pipeline.inventory())
    #expect(pipeline.host.items.isEmpty)
    #expect(
      pipeline.reasons() == [
        "a":
          "a.json: asset web: https://e.org/a.tif leaves the container; asset gone: bronze/gone.tif does not exist; asset up: ../a.tif leaves the container."
      ])
    #expect(pipeline.host.result?["rejected"]?.int == 1)
  }

  @Test func `reads a collection that is larger than one answer of the host`() throws {
    let pipeline = try Pipeline()
    try pipeline.put(items: (0..<450).map { try pipeline.item("i\($0)") })
    pipeline.host.storage.page = 300
    #expect(pipeline.inventory())
    #expect(pipeline.host.items.count == 450)
    #expect(pipeline.host.calls["read_many"] == 3)
    #expect((pipeline.host.calls["stat"] ?? 0) < 10)
    #expect(pipeline.host.mostBuffers <= 201)
  }

  @Test func `carries what links lead to, and nothing of the structure`() throws {
    let pipeline = try Pipeline()
    try pipeline.host.storage.put("bronze", "LICENSE", "free")
    var item = try pipeline.item("a")
    item.text = item.text.replacing(
      #""links": []"#,
      with: #""links": [{"rel":"root","href":"./collection.json"},{"rel":"license","href":"./LICENSE"},{"rel":"about","href":"gone"}]"#)
    try pipeline.put(items: [item])
    #expect(pipeline.inventory())
    #expect(pipeline.host.items.first?["links"]?.elements.map { $0["key"]?.string } == ["LICENSE"])
    #expect(pipeline.host.result?["files"]?.int == 2)
  }

  @Test func `takes names that differ in their bytes alone for two`() throws {
    let pipeline = try Pipeline()
    let composed = try pipeline.item("\u{E9}", assets: [("\u{E9}", "./\u{E9}.tif"), ("e\u{301}", "./e\u{301}.tif")])
    let decomposed = try pipeline.item("e\u{301}", assets: [])
    try pipeline.put(items: [composed, decomposed])
    #expect(pipeline.inventory())
    #expect(pipeline.host.items.map { $0["id"]?.string?.unicodeScalars.count } == [1, 2])
    #expect(pipeline.host.result?["files"]?.int == 2)
    let items = pipeline.host.items
    #expect(pipeline.copy(items))
    #expect(pipeline.host.result?["files_copied"]?.int == 2)
    pipeline.registerCollection()
    let copied = pipeline.host.items.isEmpty ? items : pipeline.host.items
    #expect(pipeline.registerItems(copied))
    #expect(pipeline.host.result?["registered"]?.int == 2)
  }
}
