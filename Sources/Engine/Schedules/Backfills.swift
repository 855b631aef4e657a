import Database
public import Workflow

/// A stretch of a schedule's past that is run, or was.
public struct BackfillView: Sendable {
  public var id: Int64
  public var schedule: String
  public var from: String
  public var to: String
  public var reprocess: String
  public var concurrency: Int
  public var createdAt: String
  public var createdBy: String
  public var finishedAt: String?
  public var cancelledBy: String?
  public var submitted: Int
  public var skipped: Int
  public var failed: Int
  public var running: Int

  public var json: JSON {
    [
      "id": .string("\(id)"), "schedule": .string(schedule), "from": .string(from), "to": .string(to), "reprocess": .string(reprocess),
      "concurrency": JSON(concurrency), "created_at": .string(createdAt), "created_by": .string(createdBy),
      "finished_at": JSON(orNull: finishedAt), "cancelled_by": JSON(orNull: cancelledBy), "submitted": JSON(submitted),
      "skipped": JSON(skipped), "failed": JSON(failed), "running": JSON(running),
    ]
  }
}

extension Schedules {
  /// What a backfill is asked for with.
  public struct BackfillRequest: Sendable {
    /// Seconds since 1970; both ends count.
    public var range: ClosedRange<Int64>
    public var reprocess: Reprocess
    /// Its jobs that run at a time, whatever the schedule's own do.
    public var concurrency: Int

    public init(range: ClosedRange<Int64>, reprocess: Reprocess = .none, concurrency: Int = 1) {
      self.range = range
      self.reprocess = reprocess
      self.concurrency = concurrency
    }
  }

  /// Times to fire that one backfill may have.
  static let mostBackfilled = 10_000

  /// What a backfill would do, time by time: `outcome` is `submitted` or `skipped`.
  /// - Throws: `.noSchedule`, `.invalidSchedule` for a range that is too long.
  public func rehearse(_ request: BackfillRequest, of name: String) throws -> [FireView] {
    try checkThatItIsNoDataset(name)
    return try database.transaction(access: .readOnly) { tx in
      let schedule = try view(name, in: tx)
      return try times(request, schedule).map { fire in
        let last = try lastRun(fire, of: schedule.id, in: tx)
        var view = Self.view(fire)
        view.outcome = request.reprocess.runs(after: last?.state) ? "submitted" : "skipped"
        view.jobID = last?.job
        view.why = last.map { "job \($0.job) is \($0.state.rawValue)" }
        return view
      }
    }
  }

  /// Begins a backfill; the leader runs it, oldest time first.
  public func backfill(_ name: String, _ request: BackfillRequest, by actor: Actor) throws -> BackfillView {
    try checkThatItIsNoDataset(name)
    return try database.retryingTransaction { tx in
      let schedule = try view(name, in: tx)
      let count = try times(request, schedule).count
      let (from, to) = (Double(request.range.lowerBound), Double(request.range.upperBound))
      let id = try tx.query(
        """
        INSERT INTO backfills (schedule_id, from_at, to_at, reprocess, concurrency, decided_through, created_by)
        VALUES (\(schedule.id), to_timestamp(\(from)), to_timestamp(\(to)), \(request.reprocess.rawValue), \(request.concurrency),
                to_timestamp(\(from - 1)), \(actor.name)) RETURNING id
        """
      ).one().int(0)
      try Audit.record(
        actor, "schedule.backfill", subject: "schedule/\(name)", details: ["backfill": JSON(id), "times": JSON(count)], in: tx)
      return try backfills(where: "b.id = \(id)", in: tx)[0]
    }
  }

  /// Of a schedule, the latest first.
  public func backfills(_ name: String) throws -> [BackfillView] {
    try database.transaction(access: .readOnly) { tx in
      let id = try view(name, in: tx).id
      return try backfills(where: "b.schedule_id = \(id)", in: tx)
    }
  }

  /// Submits nothing more; what runs goes on. A repeat changes nothing.
  /// - Throws: `.noBackfill`.
  public func cancelBackfill(_ id: Int64, by actor: Actor) throws -> BackfillView {
    try database.retryingTransaction { tx in
      let changed = try tx.execute(
        "UPDATE backfills SET finished_at = now(), cancelled_by = \(actor.name) WHERE id = \(id) AND finished_at IS NULL")
      guard let view = try backfills(where: "b.id = \(id)", in: tx).first else { throw EngineError(.noBackfill, subject: "\(id)") }
      if changed > 0 {
        try Audit.record(
          actor, "schedule.backfill.cancel", subject: "schedule/\(view.schedule)", details: ["backfill": JSON(Int(id))], in: tx)
      }
      return view
    }
  }

  /// Goes on with all backfills; answers how many times were decided. The leader calls it again and again.
  public func advanceBackfills() throws -> Int {
    let ids = try database.withConnection { connection in
      try connection.query("SELECT id FROM backfills WHERE finished_at IS NULL ORDER BY id LIMIT 100").map { Int64(try $0.int(0)) }
    }
    return try ids.reduce(0) { try $0 + advance(backfill: $1) }
  }

  private func advance(backfill id: Int64) throws -> Int {
    try database.retryingTransaction { tx in
      let rows = try tx.query(
        """
        SELECT s.name, extract(epoch FROM b.decided_through)::bigint, extract(epoch FROM b.to_at)::bigint, b.reprocess, b.concurrency
        FROM backfills b JOIN schedules s ON s.id = b.schedule_id WHERE b.id = \(id) AND b.finished_at IS NULL FOR UPDATE OF b SKIP LOCKED
        """)
      guard let row = rows.first else { return 0 }
      let schedule = try view(row.string(0), in: tx)
      let (decided, end) = (Int64(try row.int(1)), Int64(try row.int(2)))
      let reprocess = Reprocess(rawValue: try row.string(3)) ?? .none
      try tx.execute(
        """
        UPDATE backfill_runs r SET is_open = false
        WHERE r.backfill_id = \(id) AND r.is_open AND NOT EXISTS (SELECT FROM jobs j WHERE j.id = r.job_id AND j.finished_at IS NULL)
        """)
      let open = try tx.query("SELECT count(*) FROM backfill_runs WHERE backfill_id = \(id) AND is_open").one().int(0)
      var (room, through, count) = (max(0, try row.int(4) - open), decided, 0)
      let table = try timetable(schedule.settings, subject: schedule.name)
      while room > 0, count < 100, let fire = table.next(after: through), fire.at <= end {
        let last = try lastRun(fire, of: schedule.id, in: tx)
        if reprocess.runs(after: last?.state) {
          if try run(fire, of: id, schedule, in: tx) { room -= 1 }
        } else {
          try keep(fire, of: id, "skipped", why: last.map { "job \($0.job) is \($0.state.rawValue)" }, job: nil, in: tx)
        }
        (through, count) = (fire.at, count + 1)
      }
      let isDone = table.next(after: through).map { $0.at > end } ?? true
      try tx.execute(
        """
        UPDATE backfills SET decided_through = to_timestamp(\(Double(through))), finished_at = CASE WHEN \(isDone) THEN now() END
        WHERE id = \(id)
        """)
      return count
    }
  }

  /// Whether it takes a place among those that run.
  private func run(_ fire: Timetable.Fire, of id: Int64, _ schedule: ScheduleView, in tx: Transaction) throws -> Bool {
    switch try start(schedule.settings, fire, of: schedule.name, dedupKey: "backfill/\(id)/\(fire.time)", notBefore: nil, in: tx) {
    case .job(let job), .running(let job):
      try keep(fire, of: id, "submitted", why: nil, job: job, in: tx)
      return true
    case .refused(let why):
      try keep(fire, of: id, "failed", why: why, job: nil, in: tx)
      return false
    }
  }

  private func keep(_ fire: Timetable.Fire, of id: Int64, _ outcome: String, why: String?, job: Int64?, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO backfill_runs (backfill_id, fire_at, outcome, why, job_id, is_open)
      VALUES (\(id), to_timestamp(\(Double(fire.at))), \(outcome), \(why), \(job.map { Int($0) }), \(job != nil))
      """)
  }

  private func times(_ request: BackfillRequest, _ schedule: ScheduleView) throws -> [Timetable.Fire] {
    let table = try timetable(schedule.settings, subject: schedule.name)
    let (from, to) = (request.range.lowerBound, request.range.upperBound)
    let times = table.fires(after: from - 1, through: to, atMost: Self.mostBackfilled + 1)
    guard times.count <= Self.mostBackfilled else {
      throw EngineError(
        .invalidSchedule("the range has more than \(Self.mostBackfilled) times to fire: take a shorter one"), subject: schedule.name)
    }
    return times
  }

  /// The last job of a time, by the schedule itself or by a backfill, that is still kept.
  private func lastRun(_ fire: Timetable.Fire, of id: Int64, in tx: Transaction) throws -> (job: Int64, state: JobState)? {
    let rows = try tx.query(
      """
      SELECT j.id, j.state FROM jobs j WHERE j.id IN (
          SELECT job_id FROM schedule_fires WHERE schedule_id = \(id) AND fire_at = to_timestamp(\(Double(fire.at)))
          UNION ALL
          SELECT r.job_id FROM backfill_runs r JOIN backfills b ON b.id = r.backfill_id
          WHERE b.schedule_id = \(id) AND r.fire_at = to_timestamp(\(Double(fire.at))))
      ORDER BY j.id DESC LIMIT 1
      """)
    guard let row = rows.first, let state = JobState(rawValue: try row.string(1)) else { return nil }
    return (Int64(try row.int(0)), state)
  }

  private func backfills(where condition: SQL, in tx: Transaction) throws -> [BackfillView] {
    try tx.query(
      """
      SELECT b.id, s.name, \(raw: Views.time("b.from_at")), \(raw: Views.time("b.to_at")), b.reprocess, b.concurrency,
             \(raw: Views.time("b.created_at")), b.created_by, \(raw: Views.time("b.finished_at")), b.cancelled_by,
             count(*) FILTER (WHERE r.outcome = 'submitted'), count(*) FILTER (WHERE r.outcome = 'skipped'),
             count(*) FILTER (WHERE r.outcome = 'failed'), count(*) FILTER (WHERE r.is_open)
      FROM backfills b JOIN schedules s ON s.id = b.schedule_id LEFT JOIN backfill_runs r ON r.backfill_id = b.id
      WHERE \(raw: condition) GROUP BY b.id, s.name ORDER BY b.id DESC LIMIT 100
      """
    ).map { row in
      BackfillView(
        id: Int64(try row.int(0)), schedule: try row.string(1), from: try row.string(2), to: try row.string(3),
        reprocess: try row.string(4),
        concurrency: try row.int(5), createdAt: try row.string(6), createdBy: try row.string(7), finishedAt: try row.stringOrNil(8),
        cancelledBy: try row.stringOrNil(9), submitted: try row.int(10), skipped: try row.int(11), failed: try row.int(12),
        running: try row.int(13))
    }
  }
}
