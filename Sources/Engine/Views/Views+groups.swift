import Database
public import Workflow

/// Failures with one cause, of a stage or of many.
public struct FailureGroup: Sendable {
  public var fingerprint: String
  /// How the attempts ended.
  public var outcome: String
  /// The message without what differs.
  public var text: String
  /// Of the attempt that failed last.
  public var message: String
  /// The task that it is of.
  public var task: String
  /// The workflow, and the stage in it.
  public var workflow: String
  public var stage: String
  /// How many jobs have it.
  public var jobs: Int
  /// Attempts that failed so, tasks that met it, and tasks that ended so.
  public var attempts: Int
  public var tasks: Int
  public var failed: Int
  public var firstAt: String
  public var lastAt: String

  public var json: JSON {
    func number(_ value: Int) -> JSON { .number(JSONNumber(value)) }
    return [
      "fingerprint": .string(fingerprint), "outcome": .string(outcome), "text": .string(text), "message": .string(message),
      "task": .string(task), "workflow": .string(workflow), "stage": .string(stage), "jobs": number(jobs),
      "attempts": number(attempts), "tasks": number(tasks), "failed": number(failed), "first_at": .string(firstAt),
      "last_at": .string(lastAt),
    ]
  }
}

extension Views {
  /// The causes that cost most tasks within a while.
  func failureGroups(lately: Duration, limit: Int, in tx: Transaction) throws -> [FailureGroup] {
    let recent: SQL = "(SELECT * FROM failure_groups WHERE last_at > now() - \(lately) ORDER BY last_at DESC LIMIT 5000)"
    return try failureGroups(of: recent, order: Self.dearest, limit: limit, in: tx)
  }

  /// The causes that cost most tasks of a job; none when there is no such job.
  func failureGroups(ofJob job: Int64, limit: Int, in tx: Transaction) throws -> [FailureGroup] {
    try failureGroups(of: Self.groups(of: job), order: Self.dearest, limit: limit, in: tx)
  }

  private static let dearest: SQL = "sum(g.failed) DESC, sum(g.attempts) DESC"

  /// What failed, grouped by cause: the causes of one job, those with the most failed tasks first; or of all jobs of the last days,
  /// the latest first.
  ///
  /// A cause that several jobs of a workflow have at one stage is one group.
  public func failureGroups(job: Int64? = nil, limit: Int = 100) throws -> [FailureGroup] {
    try database.transaction(access: .readOnly) { tx in
      if let job { _ = try self.job(job, in: tx) }
      let order: SQL = job == nil ? "max(g.last_at) DESC" : Self.dearest
      return try failureGroups(of: Self.groups(of: job), order: order, limit: limit, in: tx)
    }
  }

  private func failureGroups(of groups: SQL, order: SQL, limit: Int, in tx: Transaction) throws -> [FailureGroup] {
    let rows = try tx.query(
      """
      SELECT g.fingerprint, min(g.outcome), min(g.text), (array_agg(g.message ORDER BY g.last_at DESC))[1],
             (array_agg(format('%s/%s/%s', s.job_id, s.name, g.n) ORDER BY g.last_at DESC))[1], j.workflow, s.name,
             count(*), sum(g.attempts), sum(g.tasks), sum(g.failed), \(raw: Views.time("min(g.first_at)")),
             \(raw: Views.time("max(g.last_at)"))
      FROM \(raw: groups) g JOIN stages s ON s.id = g.stage_id JOIN jobs j ON j.id = s.job_id
      GROUP BY g.fingerprint, j.workflow, s.name ORDER BY \(raw: order), g.fingerprint LIMIT \(limit)
      """)
    return try rows.map { row in
      FailureGroup(
        fingerprint: try row.string(0), outcome: try row.string(1), text: try row.string(2), message: try row.string(3),
        task: try row.string(4), workflow: try row.string(5), stage: try row.string(6), jobs: try row.int(7),
        attempts: try row.int(8), tasks: try row.int(9), failed: try row.int(10), firstAt: try row.string(11),
        lastAt: try row.string(12))
    }
  }

  /// Groups of one job's stages, or the ones that were met last: a bounded number, however many jobs there are.
  private static func groups(of job: Int64?) -> SQL {
    guard let job else { return "(SELECT * FROM failure_groups ORDER BY last_at DESC LIMIT 5000)" }
    return """
      (SELECT f.* FROM stages o JOIN failure_groups f ON f.stage_id = o.id WHERE o.job_id = \(job))
      """
  }
}
