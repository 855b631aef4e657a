import Database
import Engine
import Synchronization
import TestSupport
import Testing
import Workflow

/// What people do to tables by hand, and what updates do to each other.
@Suite struct `Versions of a dataset and accidents` {
  let desk: DatasetDesk
  var datasets: Datasets { desk.engine.datasets }

  init() throws {
    desk = try DatasetDesk()
    _ = try desk.engine.datasets.create(try DatasetDesk.definition(), by: .system)
  }

  private func states(_ dataset: String = "rivers") throws -> [String] {
    try datasets.versions(dataset).map { "\($0["version"]?.intValue ?? 0) \($0["state"]?.stringValue ?? "")" }
  }

  private func refusal(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing was refused"
    } catch let error as EngineError {
      return error.message
    } catch let error as GuestError {
      return error.message
    } catch { return "\(error)" }
  }

  @Test func `the table of the current one may be dropped by hand: the next takes its place`() throws {
    try desk.version(1, rows: 10)
    try desk.version(2, rows: 20)
    try desk.asGuest("DROP TABLE geo.curated_rivers")
    try desk.version(3, rows: 30)
    #expect(try desk.rows() == 30 && states() == ["3 current", "1 kept"])
    #expect(try datasets.rollback("rivers", to: nil, by: .system)["version"] == 1)
  }

  @Test func `the table of a kept one may be dropped by hand: going back to it is refused, and readers keep theirs`() throws {
    for number in 1...3 { try desk.version(number, rows: number * 10) }
    try desk.asGuest("DROP TABLE geo.curated_rivers_v2")
    let said = refusal { _ = try datasets.rollback("rivers", to: 2, by: .system) }
    #expect(said.hasPrefix("dataset \"rivers\": ") && said.contains("the table of version 2 of dataset \"rivers\" is gone"), "\(said)")
    #expect(try desk.rows() == 30 && datasets.rollback("rivers", to: 1, by: .system)["version"] == 1)
  }

  @Test func `one that took long does not push away one that came later`() throws {
    try desk.version(1, rows: 10)
    try desk.version(3, rows: 30)
    try desk.asGuest(
      "CREATE TABLE geo.curated_rivers_v2 AS SELECT 1 AS id",
      """
      INSERT INTO geo.curated_versions (dataset_id, version, target_table, source_version, row_count, state)
      VALUES ('rivers', 2, 'curated_rivers', '1.2', 1, 'kept')
      """)
    let said = refusal { try desk.asGuest("SELECT geo.curated_publish('rivers', 2)") }
    #expect(said.contains("version 3 of dataset \"rivers\" came meanwhile, so version 2 stays behind it"), "\(said)")
    // but one that follows a rollback may
    _ = try datasets.rollback("rivers", to: 1, by: .system)
    try desk.asGuest("SELECT geo.curated_publish('rivers', 2)")
    #expect(try states() == ["3 kept", "2 current", "1 kept"])
  }

  @Test func `one that is still to become current is not dropped as an old one`() throws {
    for number in 1...3 { try desk.version(number, rows: number) }
    try desk.asGuest(
      "CREATE TABLE geo.curated_rivers_v4 AS SELECT 1 AS id",
      """
      INSERT INTO geo.curated_versions (dataset_id, version, target_table, source_version, row_count, state)
      VALUES ('rivers', 4, 'curated_rivers', '1.4', 1, 'kept')
      """)
    #expect(try desk.asGuest("SELECT geo.curated_drop_old('rivers', 0)").map { $0[0] } == ["2", "1"])
    try desk.asGuest("SELECT geo.curated_publish('rivers', 4)")
    #expect(try states() == ["4 current", "3 kept"])
  }

  @Test func `of a dataset that was removed are not taken by another of the same table`() throws {
    try desk.version(1, rows: 10)
    try desk.version(2, rows: 20)
    _ = try datasets.remove("rivers", by: .system)
    _ = try datasets.create(try DatasetDesk.definition("streams", table: "curated_rivers"), by: .system)
    #expect(try desk.asGuest("SELECT geo.curated_begin('streams', 'curated_rivers')") == [["3"]])
    #expect(try desk.rows("curated_rivers_v1") == 10 && desk.rows() == 20)
  }

  @Test func `are not gone back to while an update runs, also when another dataset's has just ended`() throws {
    _ = try datasets.create(try DatasetDesk.definition("lakes"), by: .system)
    try desk.version(1, rows: 10)
    try desk.version(2, rows: 20)
    _ = try datasets.update("lakes", by: .system)
    try desk.end(#"{"needs_update": false}"#)
    let job = try datasets.update("rivers", by: .system).jobID
    #expect(refusal { _ = try datasets.rollback("rivers", to: 1, by: .system) } == "dataset \"rivers\" is being updated by job \(job)")
    #expect(try desk.rows() == 20)
  }

  @Test func `an update that is asked for while one goes back begins after it`() async throws {
    try desk.version(1, rows: 10)
    try desk.version(2, rows: 20)
    let desk = desk
    let order = Mutex<[String]>([])
    try await onOwnThread {
      let reader = try desk.guest.begin(GuestOptions(access: .readOnly))
      _ = try reader.exec("SELECT count(*) FROM geo.curated_rivers", []) { false }
      func isWaiting(_ what: SQL) throws -> Bool {
        try desk.number(
          "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE \(raw: what)"
        ) > 0
      }
      startThread {
        let result = Result { try desk.engine.datasets.rollback("rivers", to: 1, by: .system) }
        order.withLock { $0.append("back \((try? result.get())?["version"]?.intValue ?? -1)") }  // what it threw is not that
      }
      try until { try isWaiting("'%curated_make_current%'") }
      startThread {
        let result = Result { try desk.engine.datasets.update("rivers", by: .system) }
        order.withLock { $0.append("update \((try? result.get())?.isNew == true)") }  // what it threw is not that
      }
      try until { try isWaiting("'SELECT d.dataset_id, jsonb_strip_nulls%'") }
      try reader.end(commits: true) { false }
      desk.guest.giveBack(reader)
      until { order.withLock { $0.count == 2 } }
    }
    #expect(order.withLock { $0 } == ["back 1", "update true"])
    #expect(try datasets.dataset("rivers").currentVersion == 1)
  }

  /// A dataset's workflow may be anybody's.
  @Test func `an update whose result is no result is logged, and keeps no other from its end`() throws {
    for id in ["lakes", "seas"] { _ = try datasets.create(try DatasetDesk.definition(id), by: .system) }
    for (id, result) in [
      ("lakes", #"{"version": "first", "added": 1e300, "updated": -1, "deleted": [], "total": "7", "published": "perhaps"}"#),
      ("seas", #"[1, 2]"#), ("rivers", #"{"version": 1, "source_version": "r1", "added": 5, "total": 5, "published": true}"#),
    ] {
      _ = try datasets.update(id, by: .system)
      try desk.end(#"{"needs_update": true}"#)
      try desk.end(result)
    }
    #expect(try datasets.settle() == 3)
    let log = try ["lakes", "seas", "rivers"].map { try #require(try datasets.history($0).elements.first) }
    #expect(log.map { $0["status"] } == ["completed", "completed", "completed"])
    #expect(log[0]["version"] == .null && log[0]["records_added"] == .null && log[0]["records_total"] == .null)
    #expect(log[2]["version"] == 1 && log[2]["records_added"] == 5 && log[2]["records_updated"] == .null)
    #expect(try datasets.dataset("lakes").currentVersion == nil && datasets.dataset("rivers").currentVersion == 1)
  }
}
