import Database
import Workflow

// What a person should look at: facts are read here, `Attention` judges them.
extension Metrics {
  /// Jobs that are looked at, the oldest first.
  private static let mostJobs = 200
  /// How long a host that was lost is news.
  private static let newsOfHosts: Duration = .seconds(3600)

  func attention() throws -> [Attention] {
    let found = try reading { tx in
      let ids = try tx.query("SELECT id FROM jobs WHERE finished_at IS NULL AND state = 'running' ORDER BY id LIMIT \(Self.mostJobs)")
        .map { Int64(try $0.int(0)) }
      let jobs = try views.jobs(ids, in: tx)
      let quiet = try quietTimes(of: jobs.flatMap(\.stages).filter { $0.state == .running }.map(\.key), in: tx)
      let stages = jobs.flatMap { job in job.stages.compactMap { situation(of: $0, job, quiet) } }
      return try stages.flatMap(Attention.found) + lostHosts(in: tx) + quarantines(in: tx)
    }
    var seen: Set<String> = []
    return found.filter { seen.insert($0.key).inserted }
  }

  private func situation(
    of stage: StageView, _ job: JobView, _ quiet: [Int64: (elapsed: Duration, quiet: Duration?)]
  ) -> StageSituation? {
    guard stage.state == .running, let times = quiet[stage.key] else { return nil }
    return StageSituation(
      job: job.id, workflow: job.workflow, stage: stage.id, handler: stage.handler, running: stage.counts.running,
      ended: stage.counts.ended, failed: stage.counts.failed, waitingReason: stage.waitingReason, elapsed: times.elapsed,
      quiet: times.quiet, openedAt: stage.openedAt)
  }

  /// Since when each of these stages is where it is, by its samples.
  private func quietTimes(of stages: [Int64], in tx: Transaction) throws -> [Int64: (elapsed: Duration, quiet: Duration?)] {
    guard !stages.isEmpty else { return [:] }
    let samples: SQL =
      try SampleTable.stands(in: tx)
      ? """
      (SELECT min(m.sampled_at) FROM job_metrics m WHERE m.job_id = s.job_id AND m.stage_id = s.id
         AND m.work >= c.completed + c.failed + c.cancelled
             + coalesce((SELECT sum(CASE WHEN p.total > 0 THEN least(p.done / p.total, 1) ELSE 0 END) FROM progress p
                         WHERE p.stage_id = s.id), 0)::float8 - 1e-9)
      """ : "NULL::timestamptz"
    let rows = try tx.query(
      """
      SELECT s.id, extract(epoch FROM now() - s.opened_at)::float8, extract(epoch FROM now() - \(raw: samples))::float8
      FROM stages s JOIN stage_counters c ON c.stage_id = s.id WHERE s.id = ANY(\(stages)::bigint[])
      """)
    return try rows.reduce(into: [:]) { times, row in
      times[Int64(try row.int(0))] = (
        .seconds(max(0, try row.doubleOrNil(1) ?? 0)), try row.doubleOrNil(2).map { .seconds(max(0, $0)) }
      )
    }
  }

  private func lostHosts(in tx: Transaction) throws -> [Attention] {
    try tx.query(
      """
      SELECT id, name, ended_at IS NULL, \(raw: Views.time("coalesce(ended_at, lease_until)")) FROM hosts
      WHERE ended_at IS NULL AND lease_until < now()
         OR id IN (SELECT id FROM hosts WHERE ended_why = 'lost' AND ended_at > now() - \(Self.newsOfHosts) ORDER BY id DESC LIMIT 20)
      ORDER BY id DESC
      """
    ).map { row in
      let (name, isLate, since) = (try row.string(1), try row.bool(2), try row.string(3))
      return Attention(
        .hostLost, subject: "\(name) (\(try row.int(0)))",
        text: isLate
          ? "Host \(name) has not renewed its lease since \(since)."
          : "Host \(name) was given up at \(since): it had not renewed its lease.",
        hint: "Its tasks go to other hosts. Look whether the machine runs and reaches the database, and start the host again.", since: since
      )
    }
  }

  private func quarantines(in tx: Transaction) throws -> [Attention] {
    try tx.query(
      "SELECT library_hash, plugin, handler, tasks, \(raw: Views.time("since")) FROM quarantines ORDER BY since DESC LIMIT 20"
    ).map { row in
      let hash = try row.string(0).prefix(12)
      return Attention(
        .buildQuarantined, subject: "\(hash)",
        text: "A build of plugin \"\(try row.string(1))\" (\(hash)) ended the runners of \(try row.int(3)) tasks and is in quarantine.",
        hint: "Mend it and restart the hosts with the new build, or `weir release \(hash)`.", since: try row.string(4))
    }
  }
}
