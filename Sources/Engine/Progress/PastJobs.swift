import Database
import Workflow

/// How long the stages of a job took in the last jobs of the same workflow version that had completed when it began.
struct PastJobs: Sendable {
  private static let most = 5
  /// Of the last jobs of the workflow, in which those of the version are looked for.
  private static let reach = 200

  /// By job, by stage.
  var jobs: [[String: Duration]] = []

  /// By the jobs that come after them; nothing of a job that has none.
  static func read(before ids: [Int64], in tx: Transaction) throws -> [Int64: PastJobs] {
    let rows = try tx.query(
      """
      SELECT m.id, p.id, s.name, extract(epoch FROM s.finished_at - s.opened_at)::float8
      FROM jobs m
      CROSS JOIN LATERAL (
          SELECT id FROM (SELECT id, workflow_version, state FROM jobs
                          WHERE workflow = m.workflow AND finished_at IS NOT NULL AND finished_at < coalesce(m.started_at, m.created_at)
                          ORDER BY finished_at DESC LIMIT \(reach)) l
          WHERE workflow_version = m.workflow_version AND state IN ('completed', 'completed_with_errors') LIMIT \(most)) p
      JOIN stages s ON s.job_id = p.id
      WHERE m.id = ANY(\(ids)::bigint[]) AND s.reuses IS NULL AND s.opened_at IS NOT NULL AND s.finished_at IS NOT NULL
      ORDER BY m.id, p.id
      """)
    var pasts: [Int64: PastJobs] = [:]
    var last: (job: Int64, past: Int64)?
    for row in rows {
      let (job, past) = (Int64(try row.int(0)), Int64(try row.int(1)))
      if last?.job != job || last?.past != past { pasts[job, default: PastJobs()].jobs.append([:]) }
      last = (job, past)
      let place = (pasts[job]?.jobs.count ?? 1) - 1
      pasts[job]?.jobs[place][try row.string(2)] = .seconds(max(0, try row.double(3)))
    }
    return pasts
  }

  /// Of each earlier job how long each of these stages took.
  func durations(of stages: [String]) -> [[Duration?]] { jobs.map { job in stages.map { job[$0] } } }

  /// The part of these stages' time that each took; nil when there is nothing to go by.
  func weights(of stages: [String]) -> [Double]? {
    let shares = jobs.compactMap { job -> [Double]? in
      let seconds = stages.map { (job[$0] ?? .zero) / .seconds(1) }
      let whole = seconds.reduce(0, +)
      return whole > 0 ? seconds.map { $0 / whole } : nil
    }
    guard !shares.isEmpty else { return nil }
    return stages.indices.map { place in shares.reduce(0) { $0 + $1[place] } / Double(shares.count) }
  }
}
