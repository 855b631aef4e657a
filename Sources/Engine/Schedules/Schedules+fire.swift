import Database
import Workflow

extension Schedules {
  /// What became of a time to fire.
  struct Verdict {
    var outcome: String
    var isLate = false
    var why: String?
    var jobID: Int64?
  }

  /// How many times to fire of one schedule are decided in one transaction.
  private static let batch = 200

  /// Fires what is due; answers how many times to fire were decided. The leader calls it again and again.
  ///
  /// Each schedule is a transaction: the rows of its fires, their jobs and how far it has come are there together or not at all, so it
  /// does not matter who calls, or whether two do.
  /// - Parameter now: seconds since 1970; nil: the database's clock.
  @discardableResult
  public func fire(now: Int64? = nil) throws -> Int {
    let due = try database.withConnection { connection in
      try connection.query(
        """
        SELECT id, name FROM schedules
        WHERE paused_at IS NULL AND (next_at <= coalesce(to_timestamp(\(now.map { Double($0) })), now()) OR buffered_at IS NOT NULL)
        ORDER BY next_at, id LIMIT 100
        """
      ).map { (id: Int64(try $0.int(0)), name: try $0.string(1)) }
    }
    var decided = 0
    var failure: (any Error)?
    for (id, name) in due {
      // what ails one schedule, such as a time zone that is gone, must not keep the others
      do {
        // while their tables cannot be reached, the fires of datasets wait
        if DatasetSchedule.dataset(of: name) != nil { try datasets.tables?.ensure() }
        decided += try fire(schedule: id, now: now)
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return decided
  }

  private func fire(schedule id: Int64, now: Int64?) throws -> Int {
    try database.retryingTransaction { tx in
      let rows = try tx.query(
        """
        SELECT name, settings, extract(epoch FROM decided_through)::bigint, extract(epoch FROM buffered_at)::bigint
        FROM schedules WHERE id = \(id) AND paused_at IS NULL FOR UPDATE SKIP LOCKED
        """)
      guard let row = rows.first else { return 0 }
      let settings = try Self.settings(row.string(1))
      let table = try settings.timetable()
      let now = try now ?? Self.now(in: tx)
      let decided = Int64(try row.int(2))
      var turn = Turn(
        id: id, name: try row.string(0), settings: settings, buffered: try row.intOrNil(3).map { Int64($0) },
        open: try openJobs(id, in: tx))
      try submitBuffered(&turn, table, in: tx)
      let due = table.fires(after: decided, through: now, atMost: Self.batch)
      // of more than a batch the rest is decided next time, and all of these are old
      let rule = due.count == Self.batch ? try oldest(settings.missed, table, due, now) : settings.missed
      for decision in rule.decide(due, now: now) { try carryOut(decision, &turn, in: tx) }
      let through = due.count == Self.batch ? due[due.count - 1].at : max(now, decided)
      try tx.execute(
        """
        UPDATE schedules SET decided_through = to_timestamp(\(Double(through))), buffered_at = to_timestamp(\(turn.buffered.map { Double($0) })),
            next_at = to_timestamp(\(table.next(after: through).map { Double($0.at) })) WHERE id = \(id)
        """)
      return due.count
    }
  }

  /// Of a batch that is followed by more: what may be made up for is counted from the end of all that is due.
  private func oldest(_ rule: MissedFires, _ table: Timetable, _ due: [Timetable.Fire], _ now: Int64) throws -> MissedFires {
    switch rule {
    case .none, .last: return .none
    case .all(let cap):
      let later = table.fires(after: due[due.count - 1].at, through: now, atMost: cap).count
      return cap > later ? .all(cap: cap - later) : .none
    }
  }

  /// One schedule's fires while they are decided.
  private struct Turn {
    var id: Int64
    var name: String
    var settings: ScheduleSettings
    var buffered: Int64?
    /// Jobs of the schedule that have not ended.
    var open: [Int64]
  }

  private func openJobs(_ id: Int64, in tx: Transaction) throws -> [Int64] {
    try tx.execute(
      """
      UPDATE schedule_fires f SET is_open = false
      WHERE f.schedule_id = \(id) AND f.is_open AND NOT EXISTS (SELECT FROM jobs j WHERE j.id = f.job_id AND j.finished_at IS NULL)
      """)
    return try tx.query("SELECT job_id FROM schedule_fires WHERE schedule_id = \(id) AND is_open ORDER BY fire_at").map {
      Int64(try $0.int(0))
    }
  }

  private func submitBuffered(_ turn: inout Turn, _ table: Timetable, in tx: Transaction) throws {
    guard let buffered = turn.buffered, turn.open.isEmpty else { return }
    turn.buffered = nil
    guard let fire = table.next(after: buffered - 1), fire.at == buffered else { return }
    try submit(fire, isLate: true, &turn, in: tx)
  }

  private func carryOut(_ decision: MissedFires.Decision, _ turn: inout Turn, in tx: Transaction) throws {
    let fire = decision.fire
    guard decision.act != .miss else {
      return try note(fire, of: turn.id, Verdict(outcome: "missed", why: "no host was there to fire it"), in: tx)
    }
    let isLate = decision.act == .catchUp
    switch turn.settings.overlap.act(running: turn.open.count, isBuffered: turn.buffered != nil) {
    case .submit: try submit(fire, isLate: isLate, &turn, in: tx)
    case .skip:
      let why = "job \(turn.open.last ?? 0), which it started before, still runs"
      try note(fire, of: turn.id, Verdict(outcome: "skipped", isLate: isLate, why: why), in: tx)
    case .buffer:
      turn.buffered = fire.at
      let why = "waits for the end of job \(turn.open.last ?? 0)"
      try note(fire, of: turn.id, Verdict(outcome: "buffered", isLate: isLate, why: why), in: tx)
    case .replace:
      for job in turn.open { try control.cancelIfOpen(job, by: Self.actor(turn.name), in: tx) }
      turn.open = []
      try submit(fire, isLate: isLate, &turn, in: tx)
    }
  }

  static func actor(_ name: String) -> Actor { Actor(name: "schedule \(name)", role: .operator, via: .system) }

  private func submit(_ fire: Timetable.Fire, isLate: Bool, _ turn: inout Turn, in tx: Transaction) throws {
    let delay = turn.settings.delay(of: fire, schedule: turn.id)
    var verdict = Verdict(outcome: "submitted", isLate: isLate)
    switch try start(
      turn.settings, fire, of: turn.name, dedupKey: "schedule/\(turn.id)/\(fire.time)",
      notBefore: delay > 0 ? Double(fire.at) + Double(delay) / 1000 : nil, in: tx)
    {
    case .job(let job):
      verdict.jobID = job
      turn.open.append(job)
    case .running(let job): verdict = Verdict(outcome: "skipped", isLate: isLate, why: "job \(job) updates the dataset already")
    case .refused(let why): verdict = Verdict(outcome: "failed", isLate: isLate, why: why)
    }
    try note(fire, of: turn.id, verdict, in: tx)
  }

  func note(_ fire: Timetable.Fire, of id: Int64, _ verdict: Verdict, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO schedule_fires AS f (schedule_id, fire_at, local, mark, outcome, is_late, why, job_id, is_open)
      VALUES (\(id), to_timestamp(\(Double(fire.at))), \(fire.local), \(fire.mark?.rawValue), \(verdict.outcome), \(verdict.isLate),
              \(verdict.why), \(verdict.jobID.map { Int($0) }), \(verdict.jobID != nil))
      ON CONFLICT (schedule_id, fire_at) DO UPDATE SET outcome = excluded.outcome, is_late = excluded.is_late, why = excluded.why,
          job_id = excluded.job_id, is_open = excluded.is_open, decided_at = now()
      WHERE f.outcome = 'buffered'
      """)
  }
}
