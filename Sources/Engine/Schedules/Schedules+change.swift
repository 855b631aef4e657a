import Database
public import Workflow

extension Schedules {
  /// Keeps a schedule under a name, or changes the one that has it. What a change skips is skipped: it fires from now on.
  /// - Parameters:
  ///   - generation: the one that the caller has seen; nil: any.
  ///   - now: seconds since 1970; nil: the database's clock.
  /// - Throws: `.invalidSchedule`, `.noWorkflow`, `.invalidParams`, `.scheduleHasChanged`.
  public func put(
    _ name: String, _ settings: ScheduleSettings, generation: Int? = nil, by actor: Actor, now: Int64? = nil
  ) throws -> ScheduleView {
    guard ScheduleSettings.isName(name) else {
      throw EngineError(.invalidSchedule("a name has lower-case letters, digits and _, a letter first, 64 at most"), subject: name)
    }
    let table = try timetable(settings, subject: name)
    return try database.retryingTransaction { tx in
      let now = try now ?? Self.now(in: tx)
      let first = table.next(after: now)
      // as the first fire will have them: the words of a fire mean nothing yet
      let example = first ?? Timetable.Fire(at: now, local: "2000-01-01T00:00")
      try jobs.check(settings.workflow, settings.params(of: example), in: tx)
      let next = first.map { Double($0.at) }
      let rows = try tx.query(
        """
        INSERT INTO schedules AS s (name, settings, changed_by, decided_through, next_at)
        VALUES (\(name), \(settings.json.serialized()), \(actor.name), to_timestamp(\(Double(now))), to_timestamp(\(next)))
        ON CONFLICT (name) DO UPDATE SET settings = excluded.settings, changed_by = excluded.changed_by, changed_at = now(),
            decided_through = greatest(s.decided_through, excluded.decided_through), next_at = excluded.next_at,
            generation = s.generation + 1
        WHERE s.generation = coalesce(\(generation), s.generation) RETURNING generation
        """)
      guard let row = rows.first else {
        throw EngineError(.scheduleHasChanged(generation: try view(name, in: tx).generation), subject: name)
      }
      let action = try row.int(0) == 1 ? "schedule.create" : "schedule.change"
      try Audit.record(
        actor, action, subject: "schedule/\(name)",
        details: ["workflow": .string(settings.workflow), "cron": .string("\(settings.cron)"), "zone": .string(settings.zone)], in: tx)
      return try view(name, in: tx)
    }
  }

  /// Removes a schedule and the history of its fires; its jobs stay.
  /// - Throws: `.noSchedule`.
  public func remove(_ name: String, by actor: Actor) throws {
    try checkThatItIsNoDataset(name)
    try database.retryingTransaction { tx in
      guard try tx.execute("DELETE FROM schedules WHERE name = \(name)") > 0 else {
        throw EngineError(.noSchedule(known: try names(in: tx)), subject: name)
      }
      try Audit.record(actor, "schedule.remove", subject: "schedule/\(name)", in: tx)
    }
  }

  /// Fires nothing until it is resumed; a repeat changes nothing.
  /// - Throws: `.noSchedule`.
  public func pause(_ name: String, why: String? = nil, by actor: Actor) throws -> ScheduleView {
    try database.retryingTransaction { tx in
      let changed = try tx.execute(
        """
        UPDATE schedules SET paused_at = now(), paused_by = \(actor.name), paused_why = \(why) WHERE name = \(name) AND paused_at IS NULL
        """)
      let schedule = try view(name, in: tx)
      if changed > 0 { try Audit.record(actor, "schedule.pause", subject: "schedule/\(name)", in: tx) }
      return schedule
    }
  }

  /// How many of the fires that a pause skipped are noted one by one: ten weeks of every minute.
  static let mostNoted = 100_000

  /// The schedule of a dataset is the dataset's.
  func checkThatItIsNoDataset(_ name: String) throws {
    guard let dataset = DatasetSchedule.dataset(of: name) else { return }
    throw EngineError(.scheduleOfDataset(dataset), subject: name)
  }

  /// Fires again from now on. What the pause skipped is noted as skipped, and never made up for.
  /// - Throws: `.noSchedule`.
  public func resume(_ name: String, by actor: Actor, now: Int64? = nil) throws -> ScheduleView {
    try database.retryingTransaction { tx in
      let schedule = try view(name, in: tx)
      guard let paused = schedule.paused else { return schedule }
      let table = try timetable(schedule.settings, subject: name)
      let now = try now ?? Self.now(in: tx)
      let decided = Int64(
        try tx.query("SELECT extract(epoch FROM decided_through)::bigint FROM schedules WHERE id = \(schedule.id) FOR UPDATE").one().int(0))
      let skipped = table.fires(after: decided, through: now, atMost: .max)
      try noteSkipped(skipped, of: schedule.id, why: "paused by \(paused.by)", in: tx)
      let through = max(now, decided)
      try tx.execute(
        """
        UPDATE schedules SET paused_at = NULL, paused_by = NULL, paused_why = NULL, decided_through = to_timestamp(\(Double(through))),
            next_at = to_timestamp(\(table.next(after: through).map { Double($0.at) })) WHERE id = \(schedule.id)
        """)
      try Audit.record(actor, "schedule.resume", subject: "schedule/\(name)", details: ["skipped": JSON(skipped.count)], in: tx)
      return try view(name, in: tx)
    }
  }

  private func noteSkipped(_ fires: [Timetable.Fire], of id: Int64, why: String, in tx: Transaction) throws {
    let noted = fires.prefix(Self.mostNoted)
    // the last of them stands for those that no row tells of
    let last = fires.count > noted.count ? "\(why); so were the \(fires.count - noted.count) times after this one" : why
    try tx.execute(
      """
      INSERT INTO schedule_fires (schedule_id, fire_at, local, mark, outcome, why)
      SELECT \(id), to_timestamp(f.at), f.local, f.mark, 'skipped', CASE WHEN f.at = \(noted.last?.at ?? 0) THEN \(last) ELSE \(why) END
      FROM unnest(\(noted.map(\.at))::bigint[], \(noted.map(\.local))::text[], \(noted.map { $0.mark?.rawValue })::text[])
        AS f (at, local, mark)
      ON CONFLICT (schedule_id, fire_at) DO NOTHING
      """)
  }

  static func now(in tx: Transaction) throws -> Int64 {
    Int64(try tx.query("SELECT floor(extract(epoch FROM now()))::bigint").one().int(0))
  }
}
