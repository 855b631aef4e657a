import Database
import TestSupport
import Testing
import Workflow

@testable import Engine

@Suite struct `Taking a collection back` {
  private let holdings: Holdings

  init() throws {
    holdings = try Holdings()
    _ = try holdings.stac.putCollection(Array(Make.collection().utf8), by: Holdings.origin(job: 7, stage: "register_collection"))
  }

  private func items(_ page: JSON) -> [String] { (page["items"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue } }

  @Test func `items are listed page by page, with who put them`() throws {
    try holdings.put((0..<5).map { Make.item("i\($0)") }, by: Holdings.origin(job: 7))
    try holdings.upsert(Make.item("i3", assets: #"{"data":{"href":"file:///silver/i3.tif"}}"#))
    let first = try holdings.published("items", limit: 3)
    #expect(items(first) == ["i0", "i1", "i2"] && first["next"] == "i2", "\(first.serialized())")
    let second = try holdings.published("items", after: "i2", limit: 3)
    #expect(items(second) == ["i3", "i4"] && second["next"] == .null)
    let writers = (second["items"]?.arrayValue ?? []).map { $0["written_by"] ?? .null }
    #expect(writers[0] == .null && writers[1] != .null)
    #expect(try holdings.published("others").serialized() == #"{"items":[{"id":"i3","hrefs":["file:///silver/i3.tif"]}],"next":null}"#)
    let summary = try holdings.published("summary")
    #expect(summary.serialized() == #"{"collection":{"id":"c","by_weir":true},"items":5,"catalog_entries":[]}"#)
  }

  @Test func `only items that are as they were listed are removed`() throws {
    try holdings.put([Make.item("a"), Make.item("b"), Make.item("c")], by: Holdings.origin(job: 7))
    let listed = try holdings.published("items")["items"] ?? .null
    try holdings.put([Make.item("b", more: #","x":1"#)], by: Holdings.origin(job: 8))
    try holdings.upsert(Make.item("c", more: #","x":1"#))
    let report = try holdings.stac.removeItems("c", ids: Array(listed.serialized().utf8))
    #expect(report.removed == 1 && report.failed.isEmpty)
    #expect(try holdings.ids() == ["b", "c"])
    #expect(try holdings.stac.removeItems("c", ids: Array(listed.serialized().utf8)).removed == 0, "a repeat finds nothing")
    #expect(try holdings.stac.removeItems("c", ids: Array(#"["b", 5]"#.utf8)).failed.map(\.index) == [1])
    #expect(try holdings.ids() == ["c"])
  }

  @Test func `a collection goes when nothing is left in it and Weir made it, and is left to others otherwise`() throws {
    try holdings.put([Make.item("a")], by: Holdings.origin(job: 7))
    _ = try holdings.stac.finish("c", options: #"{"catalog":{"container":"silver"}}"#, jobID: 7)
    #expect(
      try holdings.stac.withdraw("c", jobID: 9).serialized() == #"{"collection":false,"catalog_entries":1,"items_left":1}"#)
    _ = try holdings.stac.removeItems("c", ids: Array(#"["a"]"#.utf8))
    #expect(try holdings.stac.withdraw("c", jobID: 9).serialized() == #"{"collection":true,"catalog_entries":0,"items_left":0}"#)
    #expect(try holdings.stac.withdraw("c", jobID: 9).serialized() == #"{"collection":false,"catalog_entries":0,"items_left":0}"#)
    _ = try holdings.stac.putCollection(Array(Make.collection("theirs").utf8))
    _ = try holdings.stac.putCollection(
      Array(Make.collection("theirs", more: #","title":"T""#).utf8), by: Holdings.origin(job: 8, stage: "register_collection"))
    #expect(try holdings.stac.withdraw("theirs", jobID: 9)["collection"] == false, "it was there before Weir came")
    let audit = try holdings.engine.audit.entries(.init(subject: "collection/c")).elements
    #expect(audit.map(\.action) == ["collection.withdraw", "collection.withdraw"] && audit.allSatisfy { $0.actor.name == "job 9" })
  }

  @Test func `of the items of earlier jobs those are left that this one did not register`() throws {
    try holdings.put((0..<4).map { Make.item("i\($0)") }, by: Holdings.origin(job: 7))
    try holdings.put([Make.item("theirs")], by: nil)
    try holdings.put([Make.item("i0"), Make.item("i2", more: #","x":1"#), Make.item("new")], by: Holdings.origin(job: 8))
    let left = try holdings.published("left", job: 8)
    #expect(items(left) == ["i1", "i3"] && left["seen"] == 5, "\(left.serialized())")
    #expect(items(try holdings.published("left", limit: 2, job: 8)) == ["i1"])
    #expect(items(try holdings.published("left", job: 9)).count == 5)
  }

  @Test func `an object is told with what was written last, and with whoever else needs it`() throws {
    _ = try holdings.stac.putCollection(Array(Make.collection("d").utf8))
    let copy = Holdings.origin(job: 7, stage: "copy")
    try holdings.copy([("a", "e1"), ("b", nil), ("é", "e3"), ("z", "e4")], by: copy)
    try holdings.copy([("a", "e2"), ("z", nil)], by: Holdings.origin(job: 8, stage: "copy"))
    try holdings.copy([("z", nil)], by: Holdings.origin(job: 9, stage: "copy"), for: "d")
    try holdings.copy([("a", nil)], by: Holdings.origin(job: 9, stage: "copy"), for: "gone")
    try holdings.copy([("a", "x")], by: copy, to: "elsewhere")
    var told: [String: String] = [:]
    for object in try holdings.published("objects")["objects"]?.arrayValue ?? [] {
      let name = "\(object["container"]?.stringValue ?? "")/\(object["key"]?.stringValue ?? "")"
      told[name] = "\(object["etag"]?.stringValue ?? "-") \(object["shared_with"]?.stringValue ?? "-")"
    }
    #expect(told == ["silver/a": "e2 -", "silver/b": "- -", "silver/é": "e3 -", "silver/z": "e4 d", "elsewhere/a": "x -"])
  }

  @Test func `a copy that never ended tells from when on its objects may be Weir's`() throws {
    _ = try holdings.ledger.begin(["a", "b"], collection: "c", container: "silver", by: Holdings.origin(job: 7, stage: "copy"))
    let objects = try holdings.published("objects")["objects"]?.arrayValue ?? []
    #expect(objects.map { $0["etag"] ?? "" } == [.null, .null])
    #expect(objects.allSatisfy { $0["since"]?.stringValue?.hasSuffix("Z") == true })
  }

  @Test func `a repeat of an ingest leaves no row, what failed is not noted`() throws {
    try holdings.copy([("a", "e1"), ("b", "e2")], by: Holdings.origin(job: 7, stage: "copy"))
    try holdings.copy([("a", nil), ("b", nil)], by: Holdings.origin(job: 8, stage: "copy"))
    #expect(try holdings.number("SELECT count(*) FROM app.object_writes") == 1)
    let entry = try holdings.ledger.begin(["x"], collection: "c", container: "silver", by: Holdings.origin(job: 8, stage: "copy"))
    try holdings.ledger.end(entry, [])
    #expect(try holdings.number("SELECT count(*) FROM app.object_writes") == 1)
    let keys = (0..<2_500).map { "k\($0)" }
    try holdings.copy(keys.map { ($0, "e") }, by: Holdings.origin(job: 9, stage: "copy"))
    #expect(try holdings.number("SELECT count(*) FROM app.object_writes WHERE job_id = 9") == 3)
    _ = try holdings.stac.withdraw("c", options: #"{"forget":true}"#, jobID: 9)
    #expect(try holdings.number("SELECT count(*) FROM app.object_writes") == 0)
  }

  @Test func `submitting it says what it is about, joins one that runs, and is recorded`() throws {
    try holdings.offerUnpublish()
    let provenance = holdings.engine.provenance
    let actor = Actor(name: "nightly", role: .operator, via: .api)
    let none = #expect(throws: EngineError.self) { try provenance.unpublish("nothing", dryRun: true, by: actor) }
    #expect(none?.message == #"there is no collection "nothing""#)
    let listed = try provenance.unpublish("c", dryRun: true, by: actor)
    let removing = try provenance.unpublish("c", dryRun: false, by: actor)
    let again = try provenance.unpublish("c", dryRun: false, by: actor)
    #expect(listed.jobID != removing.jobID && again == Submitted(jobID: removing.jobID, isNew: false))
    let audit = try holdings.engine.audit.entries(.init(subject: "collection/c")).elements
    #expect(audit.map(\.action) == ["collection.unpublish", "collection.unpublish"])
    #expect(audit[0].details?.text.replacing(" ", with: "") == #"{"job_id":"\#(removing.jobID)","dry_run":false}"#)
    try holdings.engine.control.cancel(removing.jobID, by: actor)
    try holdings.copy([("a", "e")], by: Holdings.origin(job: listed.jobID, stage: "copy"))
    let used = #expect(throws: EngineError.self) { try provenance.unpublish("c", dryRun: false, by: actor) }
    #expect(used?.message == #"collection "c" is being written by job \#(listed.jobID)"#)
    #expect(used?.hint == "Wait for its end, or cancel it: `weir cancel \(listed.jobID)`.")
  }
}
