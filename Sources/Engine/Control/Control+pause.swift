import Database
import Workflow

extension Control {
  /// Pauses a job, or one running stage of it: what runs goes on to its end, and nothing new is claimed. A repeat changes nothing.
  ///
  /// Once this has returned no host claims a task of it. A job that is paused opens no stage; a stage whose last task ends
  /// meanwhile is closed, and so is a job whose last stage is.
  /// - Parameter why: for those who wonder; nil for no reason.
  /// - Throws: `.noJob`, `.noStage`, `.jobHasEnded`, `.jobIsCancelling`, `.stageNotRunning`.
  public func pause(_ jobID: Int64, stage: String? = nil, why: String? = nil, by actor: Actor) throws {
    try database.retryingTransaction { tx in
      let job = try LockedJob.take(jobID, stages: stages, in: tx)
      try job.mustBeLive()
      if let stage {
        guard try pause(try job.stage(stage), why: why, by: actor, in: tx) else { return }
      } else {
        guard job.head.state != .paused else { return }
        try tx.execute(
          """
          UPDATE jobs SET state = 'paused', paused_at = now(), paused_by = \(actor.name), paused_why = \(why) WHERE id = \(jobID)
          """)
        try Self.hold(job.keys(in: [.running]), in: tx)
      }
      let details = JSON.object(JSONObject([("stage", JSON(orNull: stage)), ("why", JSON(orNull: why))]))
      try Audit.record(actor, "job.pause", subject: "job/\(job.subject)", details: details, in: tx)
    }
  }

  private func pause(_ stage: StageCounters, why: String?, by actor: Actor, in tx: Transaction) throws -> Bool {
    let state = StageState(rawValue: stage.state) ?? .waiting
    if state == .paused { return false }
    guard state == .running else { throw EngineError(.stageNotRunning(state), subject: "\(stage.jobID)/\(stage.name)") }
    try Self.hold([Int(stage.stageID)], in: tx)
    try tx.execute(
      """
      UPDATE stages SET paused_at = now(), paused_by = \(actor.name), paused_why = \(why) WHERE id = \(stage.stageID)
      """)
    return true
  }

  /// Nothing of these stages is claimed from the transaction's end on.
  static func hold(_ keys: [Int], in tx: Transaction) throws {
    guard !keys.isEmpty else { return }
    try tx.execute(
      """
      WITH paused AS (UPDATE stages SET state = 'paused' WHERE id = ANY(\(keys)::bigint[]))
      UPDATE stage_counters SET held = true WHERE stage_id = ANY(\(keys)::bigint[])
      """)
  }

  /// Lets a job go on with all that is paused of it, or one stage. A repeat changes nothing.
  ///
  /// A job that was not to begin before a later time waits for that.
  /// - Throws: `.noJob`, `.noStage`, `.jobHasEnded`, `.jobIsCancelling`; `.jobIsPaused` for a stage of a paused job.
  public func resume(_ jobID: Int64, stage: String? = nil, by actor: Actor) throws {
    try database.retryingTransaction { tx in
      let job = try LockedJob.take(jobID, stages: stages, in: tx)
      try job.mustBeLive()
      var keys = job.keys(in: [.paused])
      if let stage {
        let one = try job.stage(stage)
        if job.head.state == .paused { throw EngineError(.jobIsPaused, subject: job.subject) }
        keys = keys.filter { $0 == Int(one.stageID) }
      }
      guard job.head.state == .paused || !keys.isEmpty else { return }
      if job.head.state == .paused {
        try tx.execute(
          """
          UPDATE jobs SET state = CASE WHEN not_before > now() THEN 'queued' ELSE 'running' END,
              started_at = CASE WHEN not_before > now() THEN started_at ELSE coalesce(started_at, now()) END,
              deadline_at = CASE WHEN not_before > now() THEN deadline_at
                            ELSE coalesce(deadline_at, now() + deadline_ms * interval '1 millisecond') END,
              paused_at = NULL, paused_by = NULL, paused_why = NULL
          WHERE id = \(jobID)
          """)
      }
      try Self.release(keys, in: tx)
      try Audit.record(
        actor, "job.resume", subject: "job/\(job.subject)", details: .object(JSONObject([("stage", JSON(orNull: stage))])), in: tx)
      let head = try JobHead.read(jobID, stages: stages, locking: true, in: tx)
      if head.state == .running { _ = try stages.advance(jobID, in: tx) }
    }
  }

  /// They are claimed again. What failed before is forgiven, and time in the queue counts anew.
  static func release(_ keys: [Int], in tx: Transaction) throws {
    guard !keys.isEmpty else { return }
    try tx.execute(
      """
      WITH resumed AS (
          UPDATE stages SET state = 'running', paused_at = NULL, paused_by = NULL, paused_why = NULL WHERE id = ANY(\(keys)::bigint[])),
      forgiven AS (UPDATE failure_groups SET forgiven = tasks WHERE stage_id = ANY(\(keys)::bigint[])),
      waiting AS (
          UPDATE ready r SET due_at = now() FROM stages s
          WHERE r.stage_id = ANY(\(keys)::bigint[]) AND r.due_at < now() AND s.id = r.stage_id AND s.queue_timeout_ms IS NOT NULL)
      UPDATE stage_counters SET held = false WHERE stage_id = ANY(\(keys)::bigint[])
      """)
  }
}
