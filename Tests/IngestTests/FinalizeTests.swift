import HandlerABI
import HandlerKit
import HandlerStub
import Testing

@testable import Ingest

@Suite struct `Finalize` {
  private func finalize(_ pipeline: Pipeline, _ params: String) -> Bool {
    pipeline.host.call(pipeline.plugin, "ingest.finalize", #"{"collection_id":"c","to":"silver",\#(params)}"#)
  }

  @Test func `reports counts that agree and enters the source catalogue`() throws {
    let pipeline = try Pipeline()
    try pipeline.put(items: [pipeline.item("a"), pipeline.item("b")])
    _ = try pipeline.ingest()
    #expect(
      finalize(
        pipeline,
        #""listed":4,"rejected":1,"copied":1,"skipped":1,"copy_failed":1,"registered":2,"register_failed":0,"files_copied":1,"files_skipped":1,"bytes_copied":16,"keywords":["Crops"],"h3_theme":null"#
      ))
    #expect(
      pipeline.host.result?.text
        == #"{"bytes_copied":16,"collection_id":"c","copied":1,"failed":2,"files_copied":1,"files_skipped":1,"items_in_collection":2,"listed":4,"registered":2,"skipped":1,"theme":"agriculture"}"#
    )
    #expect(pipeline.host.stac.finished?.text == #"{"catalog":{"theme":"agriculture","container":"silver"}}"#)
  }

  @Test(arguments: [
    (
      #""listed":3,"rejected":0,"copied":2,"skipped":0,"copy_failed":0,"registered":2"#,
      "c is not complete: listed 3 items, but 0 rejected + 2 copied + 0 in place + 0 not copied = 2."
    ),
    (
      #""listed":2,"rejected":0,"copied":2,"registered":1"#, "c is not complete: registered 1 items, but 2 listed - 0 failed = 2."
    ),
    (#""listed":2,"rejected":0,"copied":2,"registered":2"#, "c is not complete: registered 2 items, but the collection has 1."),
  ])
  func `refuses counts that differ, with the numbers`(params: String, message: String) throws {
    let pipeline = try Pipeline()
    try pipeline.put(items: [pipeline.item("a")])
    _ = try pipeline.ingest()
    #expect(!finalize(pipeline, params))
    #expect(pipeline.host.failure?.code == Int32(WEIR_FAILED))
    #expect(pipeline.host.failure?.message == message + " The job's rejects and failed tasks say what is missing.")
  }

  @Test(arguments: [
    (["agriculture", "crop", "mapspam"], "agriculture"), (["Sentinel-2", "NDVI"], "vegetation"), (["River floods"], "water"),
    (["land-cover"], "land_cover"), (["Digital Elevation", "DEM"], "terrain"),
  ])
  func `infers the theme from keywords`(keywords: [String], theme: String) {
    #expect(Theme.inferred(from: keywords) == theme)
  }

  @Test func `warns where no theme is to be had`() throws {
    let pipeline = try Pipeline()
    try pipeline.put(items: [])
    _ = try pipeline.ingest()
    #expect(finalize(pipeline, #""listed":0,"rejected":0,"keywords":["stuff"]"#))
    #expect(pipeline.host.result?["theme"] == nil)
    #expect(pipeline.host.stac.finished?.text == #"{"catalog":{"container":"silver"}}"#)
    #expect(pipeline.host.lines.contains { $0.hasPrefix("2 The keywords name no theme") })
    #expect(finalize(pipeline, #""listed":0,"rejected":0,"h3_theme":"mine""#))
    #expect(pipeline.host.result?["theme"]?.string == "mine")
  }
}
