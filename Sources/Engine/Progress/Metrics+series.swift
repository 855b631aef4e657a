import Database
public import FoundationEssentials
import Workflow

extension Metrics {
  /// A job over time, from its samples and the ends of its stages; the last point is now, or its end.
  ///
  /// - Parameters:
  ///   - from: nil: since it began.
  ///   - step: seconds between two points at least; nil: every sample that is kept.
  /// - Throws: `.noJob`.
  public func series(job: Int64, from: Date? = nil, to: Date? = nil, step: Int? = nil) throws -> [MetricPoint] {
    try reading { tx in
      try series(of: try views.job(job, in: tx), from: from, to: to, step: step ?? 0, in: tx)
    }
  }

  /// About so many points over all of a job's time, however long it is.
  func series(of job: JobView, roughly points: Int, in tx: Transaction) throws -> [MetricPoint] {
    let row = try tx.query(
      """
      SELECT extract(epoch FROM coalesce(finished_at, now()) - coalesce(started_at, created_at))::float8 FROM jobs WHERE id = \(job.id)
      """
    ).one()
    return try series(of: job, step: max(1, Int(try row.double(0)) / points), in: tx)
  }

  private func series(
    of job: JobView, from: Date? = nil, to: Date? = nil, step: Int, in tx: Transaction
  ) throws -> [MetricPoint] {
    var series = JobSeries(step: Double(step))
    if try table.stands(in: tx) {
      let rows = try tx.query(
        """
        SELECT stage_id, \(raw: Views.time("sampled_at")), extract(epoch FROM sampled_at)::float8, tasks_total, queued, retrying, running,
               completed, failed, cancelled, items, rejects, domain::text
        FROM job_metrics WHERE job_id = \(job.id) AND (\(to)::timestamptz IS NULL OR sampled_at <= \(to)) ORDER BY sampled_at
        """)
      for row in rows { series.add(try Self.moment(row)) }
    }
    for moment in try Self.ends(of: job, in: tx) { series.add(moment) }
    return series.points(from: from?.timeIntervalSince1970, to: to?.timeIntervalSince1970)
  }

  private static func moment(_ row: Row) throws -> JobSeries.Moment {
    JobSeries.Moment(
      stage: Int64(try row.int(0)), text: try row.string(1), at: try row.double(2),
      counts: TaskCounts(
        total: try row.int(3), queued: try row.int(4), retrying: try row.int(5), running: try row.int(6), completed: try row.int(7),
        failed: try row.int(8), cancelled: try row.int(9)), items: try row.int(10), rejects: try row.int(11),
      domain: StageSample.numbers(try row.textOrNil(12)))
  }

  /// How each stage that began ended, or stands now.
  private static func ends(of job: JobView, in tx: Transaction) throws -> [JobSeries.Moment] {
    let rows = try tx.query(
      """
      SELECT id, \(raw: Views.time("coalesce(finished_at, now())")), extract(epoch FROM coalesce(finished_at, now()))::float8
      FROM stages WHERE job_id = \(job.id) AND opened_at IS NOT NULL AND reuses IS NULL
      """)
    return try rows.compactMap { row in
      let key = Int64(try row.int(0))
      guard let stage = job.stages.first(where: { $0.key == key }) else { return nil }
      return JobSeries.Moment(
        stage: stage.key, text: try row.string(1), at: try row.double(2), counts: stage.counts, items: stage.items, rejects: stage.rejects,
        domain: stage.metrics.compactMapValues(Double.init))
    }
  }
}
