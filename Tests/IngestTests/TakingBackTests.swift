import HandlerABI
import HandlerKit
import HandlerStub
import Testing

@testable import Ingest

@Suite struct `Taking back` {
  private let pipeline: Pipeline

  init() throws {
    pipeline = try Pipeline()
    try pipeline.host.storage.makeContainer("silver")
  }

  private func call(_ handler: String, _ params: String) -> Bool { pipeline.host.call(pipeline.plugin, handler, params) }

  private func text(_ json: String) throws -> JSONText { try JSONText(validating: json) }

  @Test func `items that others registered stay, and the collection with them`() throws {
    pipeline.host.stac.pages["summary"] = [
      try text(#"{"collection": {"id": "c", "by_weir": true}, "items": 3, "catalog_entries": ["c"]}"#)
    ]
    pipeline.host.stac.pages["items"] = [
      try text(#"{"items": [{"id": "a", "written_by": 4}, {"id": "b", "written_by": null}]}"#),
      try text(#"{"items": [{"id": "z", "written_by": 5}]}"#),
    ]
    #expect(call("ingest.list_items", #"{"collection_id": "c"}"#), "\(String(describing: pipeline.host.failure))")
    #expect(pipeline.host.result?.text == #"{"catalog_entries":["c"],"collection":"staying","items":2,"items_staying":1}"#)
    #expect(
      pipeline.host.items.map(\.text) == [
        #"{"id":"a","written_by":4}"#, #"{"id":"b","stays":"it was not registered by weir"}"#, #"{"id":"z","written_by":5}"#,
      ])
  }

  private func entry(_ key: String, _ more: String) -> String { #"{"container": "silver", "key": "\#(key)", \#(more)}"# }

  private func page(_ entries: [String]) throws -> JSONText {
    try text(#"{"objects": ["# + entries.joined(separator: ",") + "]}")
  }

  @Test func `an object goes only as it was written, and when nobody else needs it`() throws {
    for key in ["ours", "changed", "before", "crashed", "shared", "needed", "twice"] {
      try pipeline.host.storage.put("silver", key, "bytes of \(key)")
    }
    let keys = ["ours", "changed", "before", "crashed", "shared", "needed", "twice"]
    pipeline.host.stac.pages["objects"] = [try page(keys.map { entry($0, #""etag": null"#) })]
    #expect(call("ingest.list_objects", #"{"collection_id": "c"}"#))
    let heads = pipeline.host.items
    func etag(_ key: String) -> String {
      #""etag": "# + (heads.first { $0["key"]?.string == key }?["etag"]?.text ?? "null")
    }
    pipeline.host.stac.pages["objects"] = [
      try page([
        entry("ours", etag("ours")), entry("changed", #""etag": "other""#), entry("before", #""etag": null"#),
        entry("crashed", #""etag": null, "since": "2025-12-31T23:59:59Z""#), entry("gone", #""etag": "e""#),
      ]),
      try page([
        entry("shared", etag("shared") + #", "shared_with": "d""#), entry("needed", etag("needed")), entry("twice", etag("twice")),
        entry("twice", etag("twice")),
      ]),
    ]
    pipeline.host.stac.pages["others"] = [try text(#"{"items": [{"id": "b", "hrefs": ["stub://silver/needed"]}]}"#)]
    #expect(call("ingest.list_objects", #"{"collection_id": "c"}"#), "\(String(describing: pipeline.host.failure))")
    let stays = Dictionary(uniqueKeysWithValues: pipeline.host.items.map { ($0["key"]?.string ?? "", $0["stays"]?.string ?? "goes") })
    #expect(
      stays == [
        "ours": "goes", "changed": "it was changed after weir wrote it", "before": "it was there before weir came", "crashed": "goes",
        "shared": #"collection "d" needs it too"#, "needed": "an item that stays needs it", "twice": "goes",
      ])
    #expect(pipeline.host.result?.text == #"{"bytes":43,"objects":3,"objects_staying":4}"#)
    let listed = pipeline.host.items
    try pipeline.host.storage.put("silver", "twice", "somebody else's")
    #expect(call("ingest.remove_objects", #"{"objects": \#(JSONText.array(listed).text)}"#))
    #expect(pipeline.host.result?.text == #"{"bytes_removed":29,"objects_removed":2}"#)
    #expect(pipeline.host.storage.keys("silver") == ["before", "changed", "needed", "shared", "twice"])
    #expect(call("ingest.remove_objects", #"{"objects": \#(JSONText.array(listed).text)}"#))
    #expect(pipeline.host.result?.text == #"{"bytes_removed":0,"objects_removed":0}"#, "a repeat finds nothing")
  }

  @Test func `items are removed as they were listed`() throws {
    #expect(call("ingest.remove_items", #"{"collection_id": "c", "items": [{"id": "a", "written_by": 4}, {"id": "b", "stays": "x"}]}"#))
    #expect(pipeline.host.stac.removed.map(\.text) == [#"{"id":"a","written_by":4}"#])
    #expect(call("ingest.withdraw", #"{"collection_id": "c", "objects_staying": 0, "items_removed": 1, "objects_removed": null}"#))
    #expect(pipeline.host.stac.withdrawn?.text == #"{"forget":true}"#)
    #expect(call("ingest.withdraw", #"{"collection_id": "c", "objects_staying": 2}"#))
    #expect(pipeline.host.stac.withdrawn?.text == #"{"forget":false}"#)
    #expect(
      pipeline.host.result?.text
        == #"{"bytes_removed":0,"catalog_entries_removed":1,"collection_id":"c","collection_removed":true,"items_removed":0,"items_staying":0,"objects_removed":0,"objects_staying":2}"#
    )
  }

  private func finalize(_ more: String, failed: Int = 0) -> Bool {
    call(
      "ingest.finalize",
      #"{"collection_id":"c","to":"silver","listed":\#(2 + failed),"rejected":\#(failed),"copied":2,"registered":2,"keywords":["crops"]\#(more)}"#
    )
  }

  private func ingestTwo(left: Int, of seen: Int) throws {
    try pipeline.put(items: [pipeline.item("a"), pipeline.item("b")])
    _ = try pipeline.ingest()
    let items = (0..<left).map { #"{"id": "old\#($0)", "written_by": 3}"# }.joined(separator: ",")
    pipeline.host.stac.pages["left"] = [
      try text(#"{"items": [\#(items)], "seen": \#(seen - 1)}"#), try text(#"{"items": [], "seen": 1}"#),
    ]
  }

  @Test func `what left the source is pruned when asked for, and not otherwise`() throws {
    try ingestTwo(left: 2, of: 10)
    #expect(finalize(""))
    #expect(pipeline.host.stac.removed.isEmpty && pipeline.host.result?["pruned"] == nil)
    #expect(finalize(#","prune":true"#), "\(String(describing: pipeline.host.failure))")
    #expect(pipeline.host.stac.removed.map(\.text) == [#"{"id":"old0","written_by":3}"#, #"{"id":"old1","written_by":3}"#])
  }

  @Test func `more than the limit is refused, and the message names the numbers and the way out`() throws {
    try ingestTwo(left: 3, of: 10)
    #expect(!finalize(#","prune":true"#))
    #expect(pipeline.host.stac.removed.isEmpty)
    #expect(
      pipeline.host.failure?.message
        == "c: 3 of 10 items left the source, 30 % of them, and prune_limit allows 20 %: nothing was pruned. If they are to go, submit again"
        + " with a prune_limit of at least 0.30; if not, look at the source.")
    #expect(finalize(#","prune":true,"prune_limit":0.3"#))
    #expect(pipeline.host.stac.removed.count == 3)
  }

  @Test func `nothing is pruned where an item failed, since it looks like one that left`() throws {
    try ingestTwo(left: 1, of: 10)
    #expect(finalize(#","prune":true"#, failed: 1))
    #expect(pipeline.host.stac.removed.isEmpty)
    #expect(
      pipeline.host.result?["prune_skipped"]?.string == "1 item failed, and an item that failed looks like one that left the source")
  }
}
