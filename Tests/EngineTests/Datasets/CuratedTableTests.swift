import Database
import Dispatch
import Engine
import Synchronization
import TestSupport
import Testing
import Workflow

@Suite struct `Versions of a dataset` {
  let desk: DatasetDesk
  var datasets: Datasets { desk.engine.datasets }

  init() throws {
    desk = try DatasetDesk()
    _ = try desk.engine.datasets.create(try DatasetDesk.definition(), by: .system)
  }

  @Test func `take each other's place, and go back in one call`() throws {
    try desk.version(1, rows: 10)
    try desk.version(2, rows: 20)
    #expect(try desk.rows() == 20 && desk.rows("curated_rivers_v1") == 10)
    let back = try datasets.rollback("rivers", to: nil, by: .system)
    #expect(back["version"] == 1 && back["state"] == "current" && back["source_version"] == "1.1")
    #expect(try desk.rows() == 10 && desk.rows("curated_rivers_v2") == 20)
    let dataset = try datasets.dataset("rivers")
    #expect(dataset.currentVersion == 1 && dataset.sourceVersion == "1.1" && dataset.rowCount == 10)
    #expect(try datasets.rollback("rivers", to: 2, by: .system)["version"] == 2)
    #expect(try desk.rows() == 20)
    let log = try datasets.history("rivers").elements
    #expect(log.map { $0["update_type"] } == ["rollback", "rollback"] && log[0]["version"] == 2 && log[0]["job_id"] == .null)
  }

  @Test func `that are not there are named`() throws {
    try desk.version(1, rows: 10)
    let error = #expect(throws: EngineError.self) { try datasets.rollback("rivers", to: 7, by: .system) }
    #expect(error?.message == "dataset \"rivers\" has no version 7" && error?.hint == "There are 1.")
    let none = #expect(throws: EngineError.self) { try datasets.rollback("rivers", to: nil, by: .system) }
    #expect(none?.message == "dataset \"rivers\" has no version before the current one")
  }

  @Test func `belong to the role, and nothing of them is done with more rights`() throws {
    try desk.version(1, rows: 10)
    let owners = try desk.own.database.withConnection { connection in
      try connection.query(
        """
        SELECT DISTINCT pg_get_userbyid(owner) FROM (
            SELECT relowner AS owner FROM pg_class WHERE relnamespace = 'geo'::regnamespace AND relkind = 'r'
            UNION ALL SELECT proowner FROM pg_proc WHERE pronamespace = 'geo'::regnamespace) AS things
        """
      ).map { try $0.string(0) }
    }
    #expect(owners.count == 1 && owners[0].hasPrefix("guest_"))
  }

  @Test func `hand on who may read the table`() throws {
    try desk.version(1, rows: 10)
    try desk.asGuest("GRANT SELECT ON geo.curated_rivers TO PUBLIC")
    try desk.version(2, rows: 20)
    let readable = try desk.own.database.withConnection { connection in
      try connection.query("SELECT relacl::text LIKE '%=r/%' FROM pg_class WHERE oid = 'geo.curated_rivers'::regclass").one().bool(0)
    }
    #expect(readable)
  }

  @Test func `beyond those that are kept go, the oldest first`() throws {
    for number in 1...4 { try desk.version(number, rows: number) }
    let gone = try desk.asGuest("SELECT geo.curated_drop_old('rivers', 1)").map { $0[0] }
    #expect(gone == ["2", "1"])
    #expect(try datasets.versions("rivers").map { $0["version"] } == [4, 3])
  }

  @Test func `a table of that name that nobody's version made is not touched`() throws {
    try datasets.tables?.ensure()
    try desk.asGuest("CREATE TABLE geo.curated_rivers (mine text)")
    let error = #expect(throws: GuestError.self) { try desk.version(1, rows: 10) }
    #expect(error?.message.contains("geo.curated_rivers is there already, and no version of dataset \"rivers\" made it") == true)
  }

  @Test func `a reader who counts all the while sees whole versions only`() async throws {
    try desk.version(1, rows: 1_000)
    try desk.version(2, rows: 3_000)
    let seen = Mutex<Set<Int>>([])
    let isDone = Mutex(false)
    let reader = DispatchQueue(label: "reader")
    reader.async { [desk] in
      // what goes wrong is none of the two counts
      while !isDone.withLock({ $0 }) {
        let count = (try? desk.rows()) ?? -1
        _ = seen.withLock { $0.insert(count) }
      }
    }
    try await onOwnThread { [desk] in
      // the reader ends, whatever becomes of this
      defer {
        isDone.withLock { $0 = true }
        reader.sync {}
      }
      // until the reader has seen both, and twenty more
      for turn in 0..<1_000 {
        _ = try desk.engine.datasets.rollback("rivers", to: turn % 2 + 1, by: .system)
        if turn > 20, seen.withLock({ $0.count > 1 }) { break }
      }
    }
    #expect(seen.withLock { $0 } == [1_000, 3_000])
  }
}
