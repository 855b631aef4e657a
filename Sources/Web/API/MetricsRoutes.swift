import Engine
import FoundationEssentials
import HTTPTypes
import Workflow

/// How far jobs are, what waits, and figures for monitoring.
struct MetricsRoutes: Sendable {
  let engine: Engine
  let version: String
  /// What this host's process has done since it started; nil when none works here.
  let host: WebServer.WorkingHost?

  private static let limit = Parameter.query("limit", .integer(1...200, fallback: 50), "Cards at most.")

  var routes: [Route] { [overview, progress, series, queue, calibration, prometheus] }

  private var overview: Route {
    .get(
      "/api/metrics/overview", id: "getOverview",
      "Everything at a glance: jobs that have not ended or ended within the hour, failures, and what needs attention.",
      parameters: [
        .query("workflow", .text(longest: 200), "Cards of this workflow only."),
        .query("state", .choice(JobState.allCases.map(\.rawValue)), "Of jobs in this state only."),
        .query("label", .labels, "Of jobs with all of these labels only."), Self.limit,
      ], schema: "Overview"
    ) { call in
      .json(
        try engine.metrics.overview(
          Overview.Filter(
            workflow: call.text("workflow"), state: call.text("state").flatMap(JobState.init), labels: call.labels("label"),
            limit: call.limit(Self.limit))
        ).json)
    }
  }

  private var progress: Route {
    .get(
      "/api/jobs/{id}/progress", id: "getJobProgress", "How far a job is, how fast it goes and how long it will take.",
      parameters: [JobRoutes.id], schema: "JobCard", problems: [.noJob]
    ) { call in
      guard let card = try engine.metrics.card(job: call.job) else { throw EngineError(.noJob, subject: "\(call.job)") }
      return .json(card.json)
    }
  }

  private var series: Route {
    .get(
      "/api/jobs/{id}/metrics", id: "getJobMetrics", "A job over time, the oldest point first.",
      parameters: [
        JobRoutes.id, .query("from", .time, "No point before; without it since the job began."), .query("to", .time, "No point after."),
        .query("step", .integer(1...86_400), "Seconds between two points at least; without it every sample that is kept."),
      ], schema: "JobSeries", problems: [.noJob]
    ) { call in
      func date(_ name: String) -> Date? { call.text(name).flatMap(RFC3339.seconds).map(Date.init(timeIntervalSince1970:)) }
      let points = try engine.metrics.series(job: call.job, from: date("from"), to: date("to"), step: call.integer("step"))
      return .json(["job_id": .string("\(call.job)"), "points": .array(points.map(\.json))])
    }
  }

  private var queue: Route {
    .get(
      "/api/queue", id: "getQueue", "What waits and runs, stage by stage, in the order in which hosts take it.",
      parameters: [.query("limit", .integer(1...1000, fallback: 200), "At most so many stages.")], schema: "QueueLineList"
    ) { call in
      .json(["stages": .array(try engine.metrics.queue(limit: call.integer("limit") ?? 200).map(\.json))])
    }
  }

  private var calibration: Route {
    .get(
      "/api/metrics/calibration", id: "getCalibration",
      "How often jobs ended within the time that was told, of the last hundred that completed of each workflow.",
      parameters: [.query("workflow", .text(longest: 200), "Of this workflow only.")], schema: "Calibration"
    ) { call in
      .json(try engine.metrics.calibration(workflow: call.text("workflow")).json)
    }
  }

  private var prometheus: Route {
    Route(
      .get, "/metrics", id: "getPrometheusMetrics", "Figures of all jobs and hosts, and counters of this one, for Prometheus.",
      successes: [.init(status: 200, summary: "The text format 0.0.4.", schema: nil, contentType: Exposition.contentType)],
      .blocking { _ in
        var text = Exposition()
        text.add("weir_build_info", .gauge, "The version of this host.", [([("version", version)], 1)])
        text.add(try engine.metrics.gauges())
        if let work = host?.work() { text.add(work) }
        return Answer(contentType: Exposition.contentType, body: Array(text.text.utf8))
      })
  }
}

extension Exposition {
  fileprivate mutating func add(_ gauges: Gauges) {
    func byName(_ label: String, _ counts: [String: Int]) -> [(labels: [(String, String)], value: Double)] {
      counts.sorted { $0.key < $1.key }.map { ([(label, $0.key)], Double($0.value)) }
    }
    let states = Dictionary(uniqueKeysWithValues: JobState.allCases.filter { !$0.isFinal }.map { ($0.rawValue, 0) })
    add("weir_jobs", .gauge, "Jobs that have not ended.", byName("state", states.merging(gauges.jobs) { $1 }))
    add(
      "weir_tasks", .gauge, "Tasks that wait or run.",
      gauges.loads.flatMap { load in
        [("queued", load.queued), ("retrying", load.retrying), ("running", load.running)].map { state, count in
          ([("handler", load.handler), ("state", state)], Double(count))
        }
      })
    add(
      "weir_oldest_due_task_age_seconds", .gauge, "How long the first task of a handler has been due without an attempt.",
      gauges.loads.map { ([("handler", $0.handler)], $0.oldestSeconds) })
    add(
      "weir_hosts", .gauge, "Hosts by state.", byName("state", ["alive": 0, "stopping": 0, "late": 0].merging(gauges.hosts) { $1 }))
    add("weir_runners", .gauge, "Runners of the hosts that are alive.", Double(gauges.slots))
    add(
      "weir_needs_attention", .gauge, "What a person should look at, by kind.",
      byName("kind", Dictionary(uniqueKeysWithValues: Attention.Kind.allCases.map { ($0.rawValue, 0) }).merging(gauges.attention) { $1 }))
    add("weir_tasks_per_second", .gauge, "Tasks that ended a second in all jobs, of the newest sample.", gauges.tasksPerSecond)
    add("weir_sample_age_seconds", .gauge, "How old the newest sample is: it grows when no host leads.", gauges.sampleAge)
    add(
      "weir_domain_sum", .gauge, "What plugins declare as a sum, over the jobs that have not ended.",
      gauges.domain.map { ([("plugin", $0.plugin), ("metric", $0.name)], $0.value) })
  }

  mutating func add(_ work: HostWork) {
    add(
      "weir_host_attempts_total", .counter, "Attempts that ended on this host since it started, by outcome.",
      work.attempts.sorted { $0.key < $1.key }.map { ([("outcome", $0.key)], Double($0.value)) })
    add("weir_host_attempt_seconds_total", .counter, "How long they took together.", work.wall / .seconds(1))
    add("weir_host_attempt_cpu_seconds_total", .counter, "What they used of the processor.", work.cpu / .seconds(1))
    if let spans = work.spans {
      add(
        "weir_host_spans_total", .counter, "Spans of this host since it started, by what became of them.",
        [([("outcome", "exported")], Double(spans.exported)), ([("outcome", "dropped")], Double(spans.dropped))])
    }
    add("weir_host_items_total", .counter, "Items that winning attempts emitted.", Double(work.items))
  }
}
