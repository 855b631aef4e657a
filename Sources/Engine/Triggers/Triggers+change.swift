import Database
public import Workflow

extension Triggers {
  /// Keeps a trigger under a name, or changes the one that has it. What happened before is no event; a change of what it waits for
  /// begins anew.
  /// - Parameter generation: the one that the caller has seen; nil: any.
  /// - Throws: `.invalidTrigger`, `.noWorkflow`, `.noHandler`, `.invalidParams`, `.triggerHasChanged`.
  public func put(_ name: String, _ settings: TriggerSettings, generation: Int? = nil, by actor: Actor) throws -> TriggerView {
    guard TriggerSettings.isName(name) else {
      throw EngineError(.invalidTrigger("a name has lower-case letters, digits and _, a letter first, 64 at most"), subject: name)
    }
    return try database.retryingTransaction { tx in
      let (definition, _) = try jobs.stages.newest(settings.workflow, in: tx)
      try jobs.stages.checkHandlers(of: definition, in: tx)
      // what an event brings is known when it comes; the rest can be looked at now
      if !settings.params.serialized().contains("${event.") { try jobs.check(settings.workflow, settings.params, in: tx) }
      try checkThatItEnds(name, settings, in: tx)
      let (text, kind) = (settings.json.serialized(), settings.source.kind)
      var mark = 0
      if case .dataset(let id) = settings.source { mark = try lastUpdate(of: id, in: tx) }
      // how often one looks, and how many objects share a job, is not what it waits for
      let isSame: SQL = """
        (t.settings::jsonb -> 'on') #- '{objects,every}' #- '{objects,batch}' = (excluded.settings::jsonb -> 'on') #- '{objects,every}' #- '{objects,batch}'
        """
      let rows = try tx.query(
        """
        INSERT INTO triggers AS t (name, kind, settings, changed_by, since_at, watermark, log_mark)
        VALUES (\(name), \(kind), \(text), \(actor.name), now(), now(), \(mark))
        ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, settings = excluded.settings, changed_by = excluded.changed_by,
            changed_at = now(), generation = t.generation + 1, next_at = now(), page = NULL, error = NULL,
            since_at = CASE WHEN \(raw: isSame) THEN t.since_at ELSE now() END,
            watermark = CASE WHEN \(raw: isSame) THEN t.watermark ELSE now() END,
            log_mark = CASE WHEN \(raw: isSame) THEN t.log_mark ELSE excluded.log_mark END
        WHERE t.generation = coalesce(\(generation), t.generation) RETURNING generation
        """)
      guard let row = rows.first else {
        throw EngineError(.triggerHasChanged(generation: try view(name, in: tx).generation), subject: name)
      }
      try tx.execute(
        "DELETE FROM trigger_objects o USING triggers t WHERE t.id = o.trigger_id AND t.name = \(name) AND t.since_at = now()")
      try Audit.record(
        actor, try row.int(0) == 1 ? "trigger.create" : "trigger.change", subject: "trigger/\(name)",
        details: ["workflow": .string(settings.workflow), "on": .string(kind)], in: tx)
      return try view(name, in: tx)
    }
  }

  /// Workflows that start each other by the ends of their jobs would go on for ever.
  private func checkThatItEnds(_ name: String, _ settings: TriggerSettings, in tx: Transaction) throws {
    // one at a time, so that no two make a circle together
    try tx.execute("SELECT pg_advisory_xact_lock(hashtext('weir.trigger'), 0)")
    let others = try tx.query("SELECT \(raw: TriggerView.columns) FROM triggers t WHERE kind = 'job' AND name <> \(name)").map {
      try TriggerView($0).settings
    }
    var starts: [String: Set<String>] = [:]
    for trigger in others + [settings] {
      if case .job(let workflow, _) = trigger.source { starts[workflow, default: []].insert(trigger.workflow) }
    }
    var (reached, ahead): (Set<String>, [String]) = ([], [settings.workflow])
    while let next = ahead.popLast() {
      if reached.insert(next).inserted { ahead += starts[next] ?? [] }
    }
    guard case .job(let workflow, _) = settings.source, reached.contains(workflow) else { return }
    throw EngineError(
      .invalidTrigger("on.job.workflow: the end of \(settings.workflow) starts \(workflow) again, so this would never end"), subject: name)
  }

  private func lastUpdate(of dataset: String, in tx: Transaction) throws -> Int {
    guard try !tx.query("SELECT FROM curated_datasets WHERE dataset_id = \(dataset) AND removed_at IS NULL").isEmpty else {
      let known = try tx.query("SELECT dataset_id FROM curated_datasets WHERE removed_at IS NULL ORDER BY 1 LIMIT 20")
      throw EngineError(.noDataset(known: try known.map { try $0.string(0) }), subject: dataset)
    }
    return try tx.query(
      "SELECT coalesce(max(log_id), 0) FROM curated_update_log WHERE dataset_id = \(dataset) AND completed_at IS NOT NULL"
    ).one().int(0)
  }

  /// Removes a trigger and the history of its events; its jobs stay.
  /// - Throws: `.noTrigger`.
  public func remove(_ name: String, by actor: Actor) throws {
    try database.retryingTransaction { tx in
      _ = try view(name, in: tx)
      try tx.execute("DELETE FROM triggers WHERE name = \(name)")
      try Audit.record(actor, "trigger.remove", subject: "trigger/\(name)", in: tx)
    }
  }

  /// Starts nothing until it is resumed; a repeat changes nothing.
  /// - Throws: `.noTrigger`.
  public func pause(_ name: String, why: String? = nil, by actor: Actor) throws -> TriggerView {
    try database.retryingTransaction { tx in
      let changed = try tx.execute(
        "UPDATE triggers SET paused_at = now(), paused_by = \(actor.name), paused_why = \(why) WHERE name = \(name) AND paused_at IS NULL")
      let trigger = try view(name, in: tx)
      if changed > 0 { try Audit.record(actor, "trigger.pause", subject: "trigger/\(name)", in: tx) }
      return trigger
    }
  }

  /// What becomes of what happened while a trigger was paused.
  public enum Missed: String, Sendable, CaseIterable {
    /// It starts its jobs now.
    case take
    case skip
  }

  /// Starts jobs again.
  /// - Throws: `.noTrigger`.
  public func resume(_ name: String, missed: Missed = .take, by actor: Actor) throws -> TriggerView {
    try database.retryingTransaction { tx in
      let trigger = try view(name, in: tx)
      guard trigger.paused != nil else { return trigger }
      var mark: Int?
      if missed == .skip, case .dataset(let id) = trigger.settings.source { mark = try lastUpdate(of: id, in: tx) }
      try tx.execute(
        """
        UPDATE triggers SET paused_at = NULL, paused_by = NULL, paused_why = NULL, next_at = now(), page = NULL,
            since_at = CASE WHEN \(missed == .skip) THEN now() ELSE since_at END,
            watermark = CASE WHEN \(missed == .skip) THEN now() ELSE watermark END, log_mark = coalesce(\(mark), log_mark)
        WHERE id = \(trigger.id)
        """)
      try Audit.record(actor, "trigger.resume", subject: "trigger/\(name)", details: ["missed": .string(missed.rawValue)], in: tx)
      return try view(name, in: tx)
    }
  }
}
