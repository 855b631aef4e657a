import Database
public import Workflow

/// Workflows that start by the clock.
public final class Schedules: Sendable {
  let database: Database
  let jobs: Jobs
  let control: Control
  let datasets: Datasets

  init(database: Database, jobs: Jobs, control: Control, datasets: Datasets) {
    self.database = database
    self.jobs = jobs
    self.control = control
    self.datasets = datasets
  }

  private static let columns: SQL = """
    id, name, settings, generation, \(raw: Views.time("changed_at")), changed_by, \(raw: Views.time("paused_at")), paused_by, paused_why,
    \(raw: Views.time("next_at")), \(raw: Views.time("buffered_at"))
    """

  /// All there are, by name.
  public func list() throws -> [ScheduleView] {
    try database.withConnection { try $0.query("SELECT \(raw: Self.columns) FROM schedules ORDER BY name").map(Self.view) }
  }

  /// - Throws: `.noSchedule`.
  public func schedule(_ name: String) throws -> ScheduleView {
    try database.transaction(access: .readOnly) { try view(name, in: $0) }
  }

  func view(_ name: String, in tx: Transaction) throws -> ScheduleView {
    guard let row = try tx.query("SELECT \(raw: Self.columns) FROM schedules WHERE name = \(name)").first else {
      throw EngineError(.noSchedule(known: try names(in: tx)), subject: name)
    }
    return try Self.view(row)
  }

  func names(in tx: Transaction) throws -> [String] {
    try tx.query("SELECT name FROM schedules ORDER BY name LIMIT 50").map { try $0.string(0) }
  }

  private static func view(_ row: Row) throws -> ScheduleView {
    let paused = try row.stringOrNil(6).map { Pause(at: $0, by: try row.string(7), why: try row.stringOrNil(8)) }
    return ScheduleView(
      id: Int64(try row.int(0)), name: try row.string(1), settings: try settings(row.string(2)), generation: try row.int(3),
      changedAt: try row.string(4), changedBy: try row.string(5), paused: paused, nextAt: try row.stringOrNil(9),
      bufferedAt: try row.stringOrNil(10))
  }

  static func settings(_ text: String) throws -> ScheduleSettings { try ScheduleSettings(JSON(parsing: Array(text.utf8)), isStored: true) }

  /// What became of the times to fire, the latest first.
  /// - Parameter before: seconds since 1970, from a page before.
  public func fires(_ name: String, before: Int64? = nil, limit: Int = 50) throws -> Page<FireView> {
    try database.transaction(access: .readOnly) { tx in
      let id = try view(name, in: tx).id
      let rows = try tx.query(
        """
        SELECT \(raw: Views.time("fire_at")), local, mark, outcome, is_late, why, job_id, extract(epoch FROM fire_at)::bigint
        FROM schedule_fires WHERE schedule_id = \(id) AND fire_at < coalesce(to_timestamp(\(before.map { Double($0) })), 'infinity')
        ORDER BY fire_at DESC LIMIT \(limit + 1)
        """)
      let fires = try rows.prefix(limit).map { row in
        FireView(
          at: try row.string(0), local: try row.string(1), mark: try row.stringOrNil(2), outcome: try row.string(3),
          isLate: try row.bool(4), why: try row.stringOrNil(5), jobID: try row.intOrNil(6).map { Int64($0) })
      }
      return Page(elements: fires, next: rows.count > limit ? try String(rows[limit - 1].int(7)) : nil)
    }
  }

  /// The next times to fire; of a paused schedule also those that the pause has skipped so far, which come first.
  public func preview(_ name: String, count: Int = 20, now: Int64? = nil) throws -> (skipped: [FireView], next: [FireView]) {
    try database.transaction(access: .readOnly) { tx in
      let schedule = try view(name, in: tx)
      let table = try schedule.settings.timetable()
      let clock = try tx.query(
        """
        SELECT extract(epoch FROM now())::bigint, extract(epoch FROM decided_through)::bigint FROM schedules WHERE id = \(schedule.id)
        """
      ).one()
      let (now, decided) = (try now ?? Int64(clock.int(0)), Int64(try clock.int(1)))
      let skipped = schedule.paused == nil ? [] : table.fires(after: decided, through: now, atMost: count)
      let next = table.fires(after: max(now, decided), atMost: count)
      return (skipped.map(Self.view), next.map(Self.view))
    }
  }

  /// What settings that are not kept would do.
  /// - Throws: `.invalidSchedule` for a zone that there is not.
  public func preview(_ settings: ScheduleSettings, count: Int = 20) throws -> [FireView] {
    let table = try timetable(settings, subject: settings.workflow)
    return try database.transaction(access: .readOnly) { tx in
      let now = Int64(try tx.query("SELECT extract(epoch FROM now())::bigint").one().int(0))
      return table.fires(after: now, atMost: count).map(Self.view)
    }
  }

  func timetable(_ settings: ScheduleSettings, subject: String) throws -> Timetable {
    do throws(TimeZoneRules.Fault) { return try settings.timetable() } catch {
      throw EngineError(.invalidSchedule("zone: \(error.message)"), subject: subject)
    }
  }

  static func view(_ fire: Timetable.Fire) -> FireView {
    FireView(at: fire.time, local: fire.local, mark: fire.mark?.rawValue)
  }
}
