import Database
import TestSupport
import Testing
import Workflow

@testable import Engine

@Suite struct `Provenance of items` {
  private let holdings: Holdings

  init() throws {
    holdings = try Holdings()
    _ = try holdings.stac.putCollection(Array(Make.collection().utf8), by: Holdings.origin(job: 7, stage: "register_collection"))
  }

  private func trace(_ item: String) throws -> JSON { try holdings.engine.provenance.item(item, in: "c") }

  @Test func `an item names the job, task, attempt and build that put it`() throws {
    try holdings.put([Make.item("a"), Make.item("b")], by: Holdings.origin(job: 7, n: 3, attempt: 2))
    let found = try trace("b")
    #expect(found["task_id"] == "7/register_items/3" && found["job_id"] == "7" && found["attempt"] == 2, "\(found.serialized())")
    #expect(found["handler"] == "ingest.register_items" && found["handler_version"] == "1.2.0" && found["plugin_version"] == "1.0.0")
    #expect(found["library_hash"]?.stringValue == String(repeating: "ab", count: 32))
    #expect(found["assets"]?.serialized() == #"[{"name":"data","href":"x.tif"}]"#)
    #expect(found["job_state"] == .null, "the job is gone, and what is known of its attempt stays")
  }

  @Test func `a repeat that changes nothing leaves the name, a change gives the new one`() throws {
    try holdings.put([Make.item("a"), Make.item("b")], by: Holdings.origin(job: 7))
    let report = try holdings.put([Make.item("a"), Make.item("b", more: #","x":1"#)], by: Holdings.origin(job: 8))
    #expect(report.unchanged == 1 && report.written == 1)
    #expect(try trace("a")["job_id"] == "7")
    #expect(try trace("b")["job_id"] == "8")
    let registered = try holdings.engine.provenance.registered(by: 8).elements.map { $0["item"]?.stringValue }
    #expect(registered == ["a", "b"], "the later job has registered both, changed or not")
  }

  @Test func `whoever overwrites an item takes the name away with it`() throws {
    try holdings.put([Make.item("a")], by: Holdings.origin(job: 7))
    try holdings.upsert(Make.item("a", more: #","by":"another""#))
    let error = #expect(throws: EngineError.self) { try trace("a") }
    #expect(error?.message == #"item "a" of collection "c" was not registered by weir"#)
    #expect(error?.hint == "Another program put it or changed it, or a weir that kept no provenance.")
    let none = #expect(throws: EngineError.self) { try trace("z") }
    #expect(none?.message == #"there is no item "z" in collection "c""#)
    let nowhere = #expect(throws: EngineError.self) { try holdings.engine.provenance.item("a", in: "d") }
    #expect(nowhere?.message == #"there is no collection "d""#)
  }

  @Test func `is there if and only if the items are`() throws {
    // U+0000 is found before the transaction, the number by PostgreSQL in it: its half of the batch goes in again without it
    let report = try holdings.put(
      [Make.item("a"), Make.item("b", more: #","n":1e200000"#), Make.item("c", more: #","t":"\u0000""#), Make.item("d")],
      by: Holdings.origin(job: 7))
    #expect(report.written == 2 && report.failed.count == 2)
    let page = try holdings.engine.provenance.registered(by: 7)
    #expect(page.elements.compactMap { $0["item"]?.stringValue }.sorted() == ["a", "d"])
    #expect(try holdings.number("SELECT count(*) FROM app.registrations r, unnest(r.ids) u (id) WHERE u.id IN ('b', 'c')") == 0)
  }

  @Test func `an item whose month changed is named by the attempt that moved it`() throws {
    _ = try holdings.stac.putCollection(Array(Make.collection("m").utf8), options: #"{"partition":"month"}"#)
    try holdings.put([Make.item("a", collection: "m")], by: Holdings.origin(job: 7), into: "m")
    try holdings.put([Make.item("a", collection: "m", datetime: "\"2021-01-01T00:00:00Z\"")], by: Holdings.origin(job: 8), into: "m")
    #expect(try holdings.engine.provenance.item("a", in: "m")["job_id"] == "8")
  }

  @Test func `what a job registered comes page by page, each item once`() throws {
    for n in 0..<3 { try holdings.put((0..<5).map { Make.item("i\(n)-\($0)") }, by: Holdings.origin(job: 7, n: n)) }
    try holdings.put([Make.item("other")], by: Holdings.origin(job: 8))
    var (items, pages): ([String], Int) = ([], 0)
    var after: Int64? = 0
    while let from = after {
      let page = try holdings.engine.provenance.registered(by: 7, after: from, limit: 4)
      items += page.elements.compactMap { $0["item"]?.stringValue }
      pages += 1
      after = page.next.flatMap { Int64($0) }
    }
    #expect(pages == 4 && items.sorted() == (0..<3).flatMap { n in (0..<5).map { "i\(n)-\($0)" } })
    let error = #expect(throws: EngineError.self) { try holdings.engine.provenance.registered(by: 99) }
    #expect(error?.message == "there is no job 99")
  }

  @Test func `what a job wrote is listed, what it found in place is not`() throws {
    try holdings.copy([("a.tif", "e1"), ("b.tif", nil), ("c.tif", "e3")], by: Holdings.origin(job: 7, stage: "copy"))
    let page = try holdings.engine.provenance.objects(of: 7)
    #expect(page.elements.map { $0["key"]?.stringValue } == ["a.tif", "c.tif"])
    #expect(page.elements[0]["task_id"] == "7/copy/0" && page.elements[0]["container"] == "silver" && page.elements[0]["size"] == 10)
  }
}
