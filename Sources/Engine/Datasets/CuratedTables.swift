import Database
import Synchronization
public import Workflow

/// The tables of curated datasets, as the role that owns them sees them: nothing here is done with Weir's own rights, since a
/// handler's view, rule or index would run with them (decisions/0015).
///
/// `geo.curated_versions` says which versions there are and which one readers see. The functions beside it are what handlers and
/// Weir change it by, so that the swap is written down once.
public final class CuratedTables: Sendable {
  private let guest: GuestDatabase
  /// Whether this process has seen to it that they are there.
  private let isReady = Mutex(false)
  private let places = Places(2)
  /// A swap waits so long for readers, who wait behind it, and then lets them pass.
  private static let lockTimeout: Duration = .milliseconds(300)
  private static let tries = 40

  init(_ guest: GuestDatabase) { self.guest = guest }

  /// Makes what handlers need to make versions. Any number of hosts may do it at once.
  public func ensure() throws {
    guard isReady.withLock({ !$0 }) else { return }
    try session("", GuestOptions()) { session in
      try run(session, "SELECT pg_advisory_xact_lock(hashtextextended('weir.curated', 0))")
      for statement in CuratedSchema.statements { try run(session, statement) }
    }
    isReady.withLock { $0 = true }
  }

  /// Every version of a dataset that stands, newest first.
  public func versions(of dataset: String) throws -> [JSON] {
    try ensure()
    return try session(dataset, GuestOptions(access: .readOnly)) { session in
      try run(
        session,
        """
        SELECT to_jsonb(v) - 'dataset_id' || jsonb_build_object('bytes', pg_total_relation_size(to_regclass(
            format('geo.%I', CASE v.state WHEN 'current' THEN v.target_table ELSE v.target_table || '_v' || v.version END))))
        FROM geo.curated_versions v WHERE v.dataset_id = $1 ORDER BY v.version DESC
        """, [dataset]
      ).compactMap { row in
        row.first.flatMap { $0 }.flatMap { try? JSON(parsing: Array($0.utf8)) }  // to_jsonb gives nothing else
      }
    }
  }

  /// The version that stands by this number; nil: the one before the current.
  /// - Throws: `.noDatasetVersion`.
  func number(of version: Int?, _ dataset: String) throws -> Int {
    let versions = try versions(of: dataset)
    let current = versions.first { $0["state"]?.stringValue == "current" }?["version"]?.intValue
    let known = versions.compactMap { $0["version"]?.intValue }
    let wanted = version ?? known.filter { number in current.map { number < $0 } ?? true }.max()
    guard let wanted, known.contains(wanted) else { throw EngineError(.noDatasetVersion(version, known: known), subject: dataset) }
    return wanted
  }

  /// Lets readers see a version, and answers it as it is then. A repeat changes nothing.
  /// - Throws: `.curatedTableBusy`, `.curatedSwapRefused`.
  func makeCurrent(_ dataset: String, _ wanted: Int) throws -> JSON {
    for _ in 0..<Self.tries {
      guard try swap(dataset, to: wanted) else { continue }
      return try self.versions(of: dataset).first { $0["version"]?.intValue == wanted } ?? .null
    }
    throw EngineError(.curatedTableBusy, subject: dataset)
  }

  /// False: readers did not let go of the table in time.
  private func swap(_ dataset: String, to version: Int) throws -> Bool {
    do {
      try session(dataset, GuestOptions(lockTimeout: Self.lockTimeout)) { session in
        _ = try run(session, "SELECT geo.curated_make_current($1, $2::int)", [dataset, "\(version)"])
      }
      return true
    } catch let error as GuestError where error.sqlstate == "55P03" {
      return false
    } catch let error as GuestError where ["42P01", "42P07", "P0002"].contains(error.sqlstate) {
      // a table was dropped or made by hand; the function says which
      throw EngineError(.curatedSwapRefused(error.message), subject: dataset)
    }
  }

  /// One transaction; at most two at a time in this process.
  private func session<T>(_ dataset: String, _ options: GuestOptions, _ body: (GuestSession) throws -> T) throws -> T {
    places.take()
    defer { places.giveBack() }
    do {
      let session = try guest.begin(options)
      defer { guest.giveBack(session) }
      let value = try body(session)
      try session.end(commits: true) { false }
      return value
    } catch let error as GuestError where [.unreachable, .unsafeLogin].contains(error.code) {
      throw EngineError(.curatedTablesAway(error.message), subject: dataset)
    }
  }

  @discardableResult
  private func run(_ session: GuestSession, _ sql: String, _ values: [String] = []) throws -> [[String?]] {
    let answer = try session.exec(sql, values.map { Array($0.utf8)[...] }) { false }
    let rows = try JSON(parsing: answer.json)["rows"]?.arrayValue ?? []
    return rows.map { row in (row.arrayValue ?? []).map(\.stringValue) }
  }
}
