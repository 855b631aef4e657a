import Database
import Workflow

/// A session that reads the version of a dataset that is current: its table is locked, so that none takes its place meanwhile.
struct TileReading {
  let dataset: String
  let table: String
  let edition: Edition
  private let session: GuestSession
  private let deadline: ContinuousClock.Instant

  /// - Throws: `.noDatasetVersion`; `GuestError` `.cancelled` when time is over.
  init(_ dataset: String, _ session: GuestSession, until deadline: ContinuousClock.Instant) throws {
    (self.dataset, self.session, self.deadline) = (dataset, session, deadline)
    func look() throws -> (Edition, String) {
      let row = try Self.run(session, deadline, TileStatements.edition, [dataset]).first
      guard let number = row?[0].flatMap({ Int($0) }), let oid = row?[1], let table = row?[2] else {
        throw EngineError(.noDatasetVersion(nil, known: []), subject: dataset)
      }
      return (Edition(version: number, oid: oid), table)
    }
    let table = try look().1
    _ = try Self.run(session, deadline, "LOCK TABLE geo.\(TileStatements.quoted(table)) IN ACCESS SHARE MODE", [])
    // again: it may have been another before the lock
    (edition, self.table) = try look()
  }

  func run(_ sql: String, _ values: [String] = []) throws -> [[String?]] { try Self.run(session, deadline, sql, values) }

  private static func run(
    _ session: GuestSession, _ deadline: ContinuousClock.Instant, _ sql: String, _ values: [String]
  ) throws -> [[String?]] {
    let answer = try session.exec(sql, values.map { Array($0.utf8)[...] }) { ContinuousClock.now > deadline }
    let rows = try JSON(parsing: answer.json)["rows"]?.arrayValue ?? []
    return rows.map { row in (row.arrayValue ?? []).map(\.stringValue) }
  }
}
