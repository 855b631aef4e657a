import Database
import Synchronization
public import Workflow

/// How far jobs are, how fast they go and how long they will take: from the counters of their stages and samples of them.
///
/// Nothing here looks at a row of a task: cost grows with the stages that run and the samples that are kept, never with tasks. Samples
/// stand in `job_metrics`, which is made when it is missing; without it all is told but rates, ETA and charts.
public final class Metrics: Sendable {
  let database: Database
  let views: Views
  /// What earlier jobs of the same version took, by job: fixed when the job is first looked at, so that its bar never runs back.
  let pasts = Mutex<[Int64: PastJobs]>([:])
  let table = SampleTable()
  /// When the leader looked after old samples and predictions last.
  let upkeep = Mutex(Upkeep())

  struct Upkeep {
    var thinned: ContinuousClock.Instant?
    var predicted: ContinuousClock.Instant?
  }

  init(database: Database, views: Views) {
    self.database = database
    self.views = views
  }

  /// What is said of jobs that run and of those that ended lately, of failures, hosts and what a person should look at.
  ///
  /// A dozen statements whatever the number of jobs: where tasks want every processor, each answer has to wait for its turn.
  public func overview(_ filter: Overview.Filter = Overview.Filter()) throws -> Overview {
    try reading { tx in
      var overview = try glance(in: tx)
      var jobs = try views.heads(of: Self.activeJobs(filter), in: tx)
      overview.isCut = jobs.count > filter.limit
      jobs = Array(jobs.prefix(filter.limit))
      try views.addStages(to: &jobs, in: tx)
      overview.jobs = try cards(of: jobs, in: tx)
      overview.failures = try views.failureGroups(lately: .seconds(86_400), limit: 5, in: tx)
      overview.attention = try attention(in: tx)
      overview.tiles.needsAttention = overview.attention.count
      return overview
    }
  }

  /// Nil when there is no such job.
  public func card(job: Int64) throws -> JobCard? {
    try reading { tx in try cards(of: try views.jobs([job], in: tx), in: tx).first }
  }

  /// A job with all that a page of it shows.
  ///
  /// - Parameters:
  ///   - failures: causes at most.
  ///   - lines: of its log at most.
  ///   - points: of its charts, roughly; 0: none.
  /// - Throws: `.noJob`.
  public func sight(of job: Int64, failures: Int, lines: Int, points: Int) throws -> JobSight {
    try reading { tx in
      let view = try views.job(job, in: tx)
      guard let card = try cards(of: [view], in: tx).first else { throw EngineError(.noJob, subject: "\(job)") }
      let definition = try views.definitions.definition(Stages.WorkflowKey(name: view.workflow, version: view.workflowVersion), in: tx)
      return JobSight(
        card: card, needs: Dictionary(definition.stages.map { ($0.id, $0.needs) }) { first, _ in first },
        failures: try views.failureGroups(ofJob: job, limit: failures, in: tx),
        lines: try views.lastLogs(of: view, limit: lines, in: tx),
        points: points > 0 ? try series(of: view, roughly: points, in: tx) : [], now: try views.now(in: tx))
    }
  }

  /// How often the truth fell into the band, of the last hundred jobs of a workflow that completed; nil: of all workflows.
  public func calibration(workflow: String? = nil) throws -> Calibration {
    try database.withConnection { connection in
      let row = try connection.query(
        """
        SELECT count(*) FILTER (WHERE j.finished_at BETWEEN p.soonest_at AND p.latest_at),
               count(*) FILTER (WHERE j.finished_at > p.latest_at), count(*) FILTER (WHERE j.finished_at < p.soonest_at)
        FROM unnest(ARRAY(SELECT name FROM workflows WHERE version = 1 AND (\(workflow)::text IS NULL OR name = \(workflow)))) AS w (name)
        CROSS JOIN LATERAL (
            SELECT id, finished_at FROM jobs WHERE workflow = w.name AND finished_at IS NOT NULL
              AND state IN ('completed', 'completed_with_errors') ORDER BY finished_at DESC LIMIT 100) j
        JOIN predictions p ON p.job_id = j.id
        """
      ).one()
      return Calibration(within: try row.int(0), tooEarly: try row.int(1), tooLate: try row.int(2))
    }
  }
}
