import Engine
import Foundation
import TestSupport
import Testing
import Workflow

/// An update of a dataset, from the request to what readers get, by the real plugin in a real runner.
@Suite struct `An update of a curated dataset` {
  let house: CuratedHouse

  init() throws { house = try CuratedHouse() }

  @Test func `brings a version, with its codes mended, its key, its index and its terms`() async throws {
    try house.register()
    try house.serve(30, release: "5.1.1")
    let update = try await house.update()
    #expect(update.job.state == .completed, "\(update.said)")
    #expect(update.status == "completed" && update.counts == [30, 0, 0, 30], "\(update.log.serialized())")
    let dataset = try house.engine.datasets.dataset("lands")
    #expect(dataset.sourceVersion == "5.1.1" && dataset.currentVersion == 1 && dataset.rowCount == 30)
    // every seventh has the code -99; of those every second has it in iso_a3_eh, too
    #expect(try house.texts("SELECT count(*) FROM geo.curated_lands WHERE iso_a3 = adm0_a3 AND ST_IsValid(geom)") == ["30"])
    #expect(try house.texts("SELECT count(*) FROM geo.curated_lands WHERE iso_a3_eh IS NULL") == ["2"])
    #expect(
      try house.rows(
        "SELECT obj_description('geo.curated_lands'::regclass), (SELECT string_agg(indexdef, '; ' ORDER BY indexname) FROM pg_indexes WHERE tablename = 'curated_lands')"
      ) == [
        [
          "Lands | Those who drew it | CC0-1.0",
          "CREATE INDEX curated_lands_v1_geom_idx ON geo.curated_lands USING gist (geom); "
            + "CREATE UNIQUE INDEX curated_lands_v1_pkey ON geo.curated_lands USING btree (adm0_a3)",
        ]
      ])
    let version = try #require(try house.engine.datasets.versions("lands").first)
    #expect(version["source_etag"] == #""5.1.1""# && version["row_count"] == 30 && version["sha256"]?.stringValue?.count == 64)
    #expect(version["bbox"]?.arrayValue?.count == 4 && version["job_id"] == .string("\(update.job.id)"))
    #expect(try house.downloads == ["lands/\(update.job.id)/source"])
  }

  @Test func `is skipped while the source has the same, and not when it is forced`() async throws {
    try house.register()
    try house.serve(30, release: "5.1.1")
    _ = try await house.update()
    let before = house.site.lines.count
    let second = try await house.update()
    #expect(second.status == "skipped" && second.result("check_source")["needs_update"] == false, "\(second.said)")
    #expect(second.log["source_version"] == "5.1.1")
    #expect(house.site.lines[before...].allSatisfy { $0.hasPrefix("HEAD ") })
    // another ETag, but the file says that it is the same version
    try house.serve(30, release: "5.1.1", etag: #""moved-to-another-server""#)
    let third = try await house.update()
    #expect(third.status == "skipped" && third.result("fetch_data")["changed"] == false, "\(third.said)")
    #expect(try await house.update().result("check_source")["needs_update"] == false, "and is not fetched once more")
    let forced = try await house.update(force: true)
    #expect(forced.status == "completed" && forced.counts == [0, 0, 0, 30], "\(forced.said)")
    #expect(try house.engine.datasets.dataset("lands").currentVersion == 2)
  }

  @Test func `counts what is new, what is another and what is gone, by key and content`() async throws {
    try house.register()
    try house.serve(30, release: "1")
    _ = try await house.update()
    // 5 to 34: five are gone, five are new, and of those that stay three have another name
    try house.serve(30, release: "2", first: 5, renamed: 3)
    let update = try await house.update()
    #expect(update.counts == [5, 3, 5, 30], "\(update.said)")
  }

  @Test func `of a dry run does everything but the swap`() async throws {
    try house.register()
    try house.serve(30, release: "1")
    _ = try await house.update()
    try house.serve(32, release: "2", renamed: 4)
    let update = try await house.update(dryRun: true)
    #expect(update.status == "completed" && update.counts == [2, 4, 0, 32], "\(update.said)")
    #expect(update.result("finalize")["published"] == false && update.log["version"] == .null)
    #expect(try house.texts("SELECT count(*) FROM geo.curated_lands") == ["30"])
    #expect(try house.texts("SELECT relname FROM pg_class WHERE relname LIKE 'curated_lands%' AND relkind = 'r'") == ["curated_lands"])
    #expect(try house.downloads.count == 1, "what was fetched for it is gone")
    // and the next is as if it had not been
    let next = try await house.update()
    #expect(next.counts == [2, 4, 0, 32] && next.log["version"] == 2, "\(next.said)")
  }

  @Test func `by upsert keeps what the source does not have any more`() async throws {
    try house.register(strategy: "upsert")
    try house.serve(30, release: "1")
    _ = try await house.update()
    try house.serve(10, release: "2", first: 25, renamed: 2)
    let update = try await house.update()
    #expect(update.counts == [5, 2, 0, 35], "\(update.said)")
    #expect(
      try house.texts("SELECT name FROM geo.curated_lands WHERE adm0_a3 IN ('AAA', 'AAZ', 'ABI') ORDER BY 1") == [
        "Land 0", "Land 25 of 2", "Land 34",
      ])
    let version = try #require(try house.engine.datasets.versions("lands").first)
    #expect(version["bbox"]?.serialized() == "[-170,-80,169,-61]", "the bounds are those of all rows: \(version.serialized())")
  }

  @Test func `leaves so many versions as it shall, and the newest download of each`() async throws {
    try house.register(keep: 1)
    for release in 1...4 {
      try house.serve(30, release: "\(release)")
      let update = try await house.update()
      #expect(update.job.state == .completed, "\(update.said)")
    }
    #expect(try house.engine.datasets.versions("lands").map { $0["version"] } == [4, 3])
    #expect(
      try house.texts("SELECT relname FROM pg_class WHERE relname LIKE 'curated_lands%' AND relkind = 'r' ORDER BY 1")
        == ["curated_lands", "curated_lands_v3"])
    #expect(try house.downloads.count == 2)
    _ = try house.engine.datasets.rollback("lands", to: nil, by: .system)
    #expect(try house.texts("SELECT count(*) FROM geo.curated_lands_v4") == ["30"])
  }

  @Test func `of a source without a key knows its rows by their content`() async throws {
    try house.register(key: "[]")
    try house.serve(30, release: "1")
    _ = try await house.update()
    try house.serve(31, release: "2", renamed: 2)
    let update = try await house.update()
    #expect(update.counts == [3, 0, 2, 31], "\(update.said)")
    #expect(try house.texts("SELECT count(DISTINCT row_number) FROM geo.curated_lands") == ["31"])
  }

  @Test func `that failed is logged with the reason, and readers keep what they see`() async throws {
    try house.register()
    try house.serve(30, release: "1")
    _ = try await house.update()
    try house.serve(3, release: "2")
    let update = try await house.update()
    #expect(update.status == "failed")
    #expect(
      update.said
        == "lands: what the source has cannot be a version: 3 rows, the version before has 30, and they may differ by 50%; "
        + "its bounds -170.0, -80.0, -141.0, -71.0 cover less than half of those of the version before: the source's reference system may be "
        + "wrong. Readers keep the version that they see.")
    #expect(try house.texts("SELECT count(*) FROM geo.curated_lands") == ["30"])
    #expect(try house.texts("SELECT count(*) FROM pg_class WHERE relname = 'curated_lands_v2'") == ["0"])
  }

  @Test func `refuses rows that their key does not tell apart, and columns that are not there`() async throws {
    try house.register(key: #"["iso_a3_eh"]"#, config: #", "layers": ["count*"]"#)
    try house.serve(45, release: "1")
    #expect(try await house.update().said.contains("3 rows have no iso_a3_eh"))
    try house.register(key: #"["iso_a4"]"#)
    #expect(try await house.update().said.contains("cannot be a version: it has no column iso_a4. Readers"))
  }

  @Test func `comes again when somebody dropped its table, although the source has nothing new`() async throws {
    try house.register()
    try house.serve(30, release: "1")
    _ = try await house.update()
    _ = try house.rows("DROP TABLE geo.curated_lands")
    let update = try await house.update()
    #expect(update.status == "completed" && update.counts == [30, 0, 0, 30], "\(update.said)")
    #expect(try house.texts("SELECT count(*) FROM geo.curated_lands") == ["30"])
    #expect(try house.engine.datasets.versions("lands").count == 1)
  }

  @Test func `says nothing of a key that somebody wrote into the URL`() async throws {
    try house.register(url: "\(house.site.url)/countries.zip?token=hush", version: #"{"by": "etag"}"#)
    house.serve(Data("<html>".utf8), path: "/countries.zip", etag: #""1""#)
    let update = try await house.update()
    #expect(
      update.status == "failed" && update.said.hasPrefix("\(house.site.url)/countries.zip: what was fetched is a web page"),
      "\(update.said)")
    #expect(!update.said.contains("hush"))
  }
}
