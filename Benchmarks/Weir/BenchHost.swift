import Database
import Engine
import Foundation
import Logging
import Runners
import Runtime
import Storage
import Workflow

/// A host in this process with the settings of `weir serve`, less the web server: two runners, a plugin that does nothing.
final class BenchHost {
  static let slots = 2

  let database: Database
  let engine: Engine
  private let registry: Database
  private let runtime: HostRuntime
  private let ends = JobEnds()

  /// - Parameters:
  ///   - retention: how long jobs are kept after their end; nil: for ever.
  ///   - isDebugging: whether each sample is logged, with how long it took.
  init(
    url: String, retention: Duration? = nil, logger: Logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() },
    isDebugging: Bool = false
  ) throws {
    database = Database(DatabaseConfiguration(url: url, settings: Engine.settings, logger: logger))
    registry = Database(DatabaseConfiguration(url: url, settings: Stac.settings, logger: logger))
    engine = Engine(database: database)
    let plugin = try BenchPlugin.load()
    for text in BenchPlugin.workflows {
      let loaded = WorkflowDefinition.load(bytes: Array(text.utf8), file: "a workflow of the benchmark")
      guard let definition = loaded.value else { throw Problems(list: loaded.problems) }
      try engine.catalog.put(definition, text: text)
    }
    var parts = HostRuntime.Parts(
      engine: engine, stac: Stac(database: registry), plugins: [plugin], containers: try Containers([:]),
      runners: try BenchPlugin.runners(), slots: Self.slots, version: BenchPlugin.version, logger: logger)
    parts.metrics.isDebugging = isDebugging
    if let retention { parts.retention = RetentionRules(["*": retention]) }
    runtime = try HostRuntime(parts, onEndedJobs: ends.note) { exit(75) }
  }

  func stop() {
    runtime.stop()
    database.close()
    registry.close()
  }

  /// Submits a job, and does not wait for it.
  func submit(_ workflow: String, _ params: String) throws -> Int64 {
    let job = try engine.jobs.submit(Submission(workflow: workflow, params: Array(params.utf8)), by: .system).jobID
    runtime.poke()
    return job
  }

  /// Waits for the end of a job, and answers how many tasks it had.
  func end(of job: Int64, _ workflow: String) throws -> Int {
    try ends.wait(for: job, workflow)
    return try database.withConnection { connection in
      try connection.query(
        "SELECT coalesce(sum(completed), 0)::bigint FROM stage_counters c JOIN stages s ON s.id = c.stage_id WHERE s.job_id = \(job)"
      ).one().int(0)
    }
  }

  /// From the first claim of a stage's tasks to the completion of the last.
  func seconds(ofStage stage: String, job: Int64) throws -> Double {
    try database.withConnection { connection in
      try connection.query(
        """
        SELECT extract(epoch FROM max(a.finished_at) - min(a.claimed_at))::float8
        FROM stages s JOIN attempts a ON a.stage_id = s.id WHERE s.job_id = \(job) AND s.name = \(stage)
        """
      ).one().double(0)
    }
  }

  /// Submits a job and waits for its end; the waiter is woken by the host, so no poll is in the time.
  /// - Throws: when it did not complete.
  @discardableResult
  func run(_ workflow: String, _ params: String = "{}") throws -> JobTimes {
    let start = ContinuousClock.now
    let job = try engine.jobs.submit(Submission(workflow: workflow, params: Array(params.utf8)), by: .system).jobID
    runtime.poke()
    try ends.wait(for: job, workflow)
    let wall = ContinuousClock.now - start
    let row = try database.withConnection { connection in
      try connection.query(
        """
        SELECT state, extract(epoch FROM finished_at - created_at)::float8 AS seconds,
               (SELECT sum(completed) FROM stage_counters c JOIN stages s ON s.id = c.stage_id WHERE s.job_id = j.id)::bigint AS tasks
        FROM jobs j WHERE id = \(job)
        """
      ).one()
    }
    guard try row.string("state") == JobState.completed.rawValue else {
      throw Complaint("\(workflow): job \(job) is \(try row.string("state"))")
    }
    return JobTimes(job: job, wall: wall / .seconds(1), recorded: try row.double("seconds"), tasks: try row.int("tasks"))
  }
}

/// How long a job took.
struct JobTimes {
  var job: Int64
  /// Seconds from before the submission until the submitter was told of the end.
  var wall: Double
  /// Seconds from `created_at` to `finished_at`.
  var recorded: Double
  /// Tasks of all its stages.
  var tasks: Int
}
