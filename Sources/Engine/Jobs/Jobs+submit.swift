import Database
import Workflow

extension Jobs {
  /// Keeps a job of the newest version of a workflow and opens its first stages, in one transaction.
  ///
  /// Parameters that are not given take their defaults. A `dedup_key` that the workflow has seen answers that job,
  /// whatever its state and parameters.
  /// - Throws: `.noWorkflow`, `.paramsNotJSON`, `.invalidParams` with every problem, `.noHandler`, `.dedupKeyTooLong`.
  public func submit(_ submission: Submission, by actor: Actor) throws -> Submitted {
    try database.retryingTransaction { tx in try submit(submission, by: actor, in: tx) }
  }

  /// The same in the caller's transaction.
  func submit(_ submission: Submission, by actor: Actor, in tx: Transaction) throws -> Submitted {
    if let key = submission.dedupKey, key.count > 200 {
      throw EngineError(.dedupKeyTooLong(key.count), subject: submission.workflow)
    }
    guard submission.labels.count <= Self.mostLabels else {
      throw EngineError(.tooManyLabels(submission.labels.count), subject: submission.workflow)
    }
    let given = try object(submission)
    if let known = try existing(submission, in: tx) { return known }
    let (definition, version) = try check(submission.workflow, given, in: tx)
    let params = definition.withDefaults(given).serialized()
    let isLater = submission.notBefore != nil
    let deadline = definition.deadlineMilliseconds
    let rows = try tx.query(
      """
      INSERT INTO jobs (workflow, workflow_version, params, dedup_key, labels, priority, not_before, deadline_ms, traceparent, state, started_at,
                        deadline_at)
      VALUES (\(definition.name), \(version), \(params), \(submission.dedupKey), \(Set(submission.labels).sorted()),
              \(submission.priority), to_timestamp(\(submission.notBefore)), \(deadline),
              \(Self.traceparent(submission)),
              CASE WHEN \(isLater) AND to_timestamp(\(submission.notBefore)) > now() THEN 'queued' ELSE 'running' END,
              CASE WHEN \(isLater) AND to_timestamp(\(submission.notBefore)) > now() THEN NULL ELSE now() END,
              CASE WHEN \(isLater) AND to_timestamp(\(submission.notBefore)) > now() THEN NULL
                   ELSE now() + \(deadline) * interval '1 millisecond' END)
      ON CONFLICT (workflow, dedup_key) WHERE dedup_key IS NOT NULL DO NOTHING
      RETURNING id, state
      """)
    guard let row = rows.first else {
      // another submission with the key came first
      if let known = try existing(submission, in: tx) { return known }
      throw EngineError(.noJob, subject: submission.dedupKey ?? "")
    }
    let jobID = Int64(try row.int(0))
    try stages.insert(definition, job: jobID, priority: submission.priority, in: tx)
    if try row.string(1) == JobState.running.rawValue { _ = try stages.advance(jobID, in: tx) }
    try Audit.record(
      actor, "job.submit", subject: "job/\(jobID)",
      details: ["workflow": .string(definition.name), "version": JSON(version), "labels": .array(submission.labels.map(JSON.string))],
      in: tx)
    return Submitted(jobID: jobID, isNew: true)
  }

  /// Whether the newest version of a workflow takes these parameters; answers it.
  /// - Throws: `.noWorkflow`, `.invalidParams`, `.noHandler`.
  @discardableResult
  func check(_ workflow: String, _ params: JSON, in tx: Transaction) throws -> (WorkflowDefinition, version: Int) {
    let (definition, version) = try stages.newest(workflow, in: tx)
    let problems = try Schema(definition.parameters).problems(in: params)
    guard problems.isEmpty else { throw EngineError(.invalidParams(problems), subject: workflow) }
    try stages.checkHandlers(of: definition, in: tx)
    return (definition, version)
  }

  /// Starts jobs whose `not_before` has come; answers how many.
  public func promote(limit: Int = 100) throws -> Int {
    try database.retryingTransaction { tx in
      let rows = try tx.query(
        """
        UPDATE jobs SET state = 'running', started_at = now(), deadline_at = now() + deadline_ms * interval '1 millisecond'
        WHERE id = ANY(ARRAY(SELECT id FROM jobs WHERE state = 'queued' AND not_before <= now()
                             ORDER BY not_before LIMIT \(limit) FOR UPDATE SKIP LOCKED))
        RETURNING id
        """)
      for row in rows { _ = try stages.advance(Int64(try row.int(0)), in: tx) }
      return rows.count
    }
  }

  /// In the form of the version that this program speaks.
  private static func traceparent(_ submission: Submission) -> String? {
    guard let context = submission.traceparent.flatMap(TraceContext.init), let parent = context.parent else { return nil }
    return context.traceparent(of: parent)
  }

  private func object(_ submission: Submission) throws -> JSON {
    let value: JSON
    do {
      value = try JSON(parsing: submission.params, limits: .storable)
    } catch {
      throw EngineError(.paramsNotJSON(error), subject: submission.workflow)
    }
    guard case .object = value else {
      let error = JSONSyntaxError(offset: 0, line: 1, column: 1, message: "expected an object, such as {}")
      throw EngineError(.paramsNotJSON(error), subject: submission.workflow)
    }
    return value
  }

  private func existing(_ submission: Submission, in tx: Transaction) throws -> Submitted? {
    guard submission.dedupKey != nil else { return nil }
    let rows = try tx.query(
      "SELECT id FROM jobs WHERE workflow = \(submission.workflow) AND dedup_key = \(submission.dedupKey)")
    return try rows.first.map { Submitted(jobID: Int64(try $0.int(0)), isNew: false) }
  }
}
