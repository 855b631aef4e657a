import Engine
import HTTPTypes
import Workflow

/// The pages for people, and the streams that keep them as things are.
struct PageRoutes: Sendable {
  let readings: PageReadings
  let hub: EventHub

  private static let lastSeen = HTTPField.Name("Last-Event-ID")

  var routes: [Route] {
    [
      home, Self.redirect("/api/interface", id: "showInterface"), overview, jobs, job, hosts, queue, plugins, schedules, schedule, datasets,
      dataset,
      stream("/api/interface/metrics/events", id: "followOverview", parameters: DashboardFilter.parameters) {
        .overview(DashboardFilter($0))
      },
      stream("/api/interface/jobs/{id}/events", id: "followJob", parameters: [JobRoutes.id]) { .job($0.job) },
      stream("/api/interface/hosts/events", id: "followHosts") { _ in .hosts },
      stream("/api/interface/queue/events", id: "followQueue") { _ in .queue },
      stream("/api/interface/events/jobs", id: "followJobs", parameters: JobsPage.parameters) { .jobs(JobsPage.filter($0)) },
      stream("/api/interface/events/schedules", id: "followSchedules") { _ in .schedules },
      stream("/api/interface/events/datasets", id: "followDatasets") { _ in .datasets },
      stream("/api/interface/events/datasets/{id}", id: "followDataset", parameters: [DatasetActRoutes.id]) { .dataset($0.path("id")) },
      PageAssets.route,
    ]
  }

  private var home: Route { Self.redirect("/", id: "showHome") }

  private static func redirect(_ path: String, id: String) -> Route {
    Route(
      .get, path, id: id, "Goes on to the overview.", access: .open, successes: [.init(status: 303, summary: "The overview.")],
      audience: .people, .quick { _ in .seeOther(PageShell.Place.overview.rawValue) })
  }

  private func page(
    _ path: String, id: String, _ summary: String, parameters: [Parameter] = [], policy: String = PageShell.policy,
    _ html: @escaping @Sendable (Call) throws -> HTML
  ) -> Route {
    Route(
      .get, path, id: id, summary, parameters: parameters,
      successes: [.init(status: 200, summary: summary, contentType: "text/html; charset=utf-8")], audience: .people,
      .blocking { call in
        Answer(
          headers: [.contentSecurityPolicy: policy], contentType: "text/html; charset=utf-8", body: Array(try html(call).text.utf8))
      })
  }

  private func stream(
    _ path: String, id: String, parameters: [Parameter] = [], _ topic: @escaping @Sendable (Call) -> EventTopic
  ) -> Route {
    Route(
      .get, path, id: id, "What changes on a page, as server-sent events.", parameters: parameters,
      successes: [.init(status: 200, summary: "The events.", contentType: "text/event-stream")], audience: .people,
      .quick { [hub] call in
        var answer = Answer(contentType: "text/event-stream", body: [])
        if let noBuffering = Self.noBuffering { answer.headers[noBuffering] = "no" }
        answer.viewer = try hub.join(topic(call), lastSeen: Self.lastSeen.flatMap { call.head.headerFields[$0] })
        return answer
      })
  }

  // of nginx, which would keep events until there are many
  private static let noBuffering = HTTPField.Name("X-Accel-Buffering")

  private var overview: Route {
    page(PageShell.Place.overview.rawValue, id: "showOverview", "Everything at a glance.", parameters: DashboardFilter.parameters) {
      [readings] call in
      try readings.dashboard(DashboardFilter(call))
        .page(for: Visitor(call.caller), workflows: readings.engine.catalog.workflows().map(\.name))
    }
  }

  private var job: Route {
    page(
      "/api/interface/jobs/{id}", id: "showJob", "A job in full.",
      parameters: [JobRoutes.id, .query("done", .choice(JobActs.Act.allCases.map(\.rawValue)), "What was just done to it.")]
        + TaskSection.Choice.parameters
    ) { [readings] call in
      let page = try readings.job(call.job)
      return page.page(
        for: Visitor(call.caller), job: try readings.engine.views.job(call.job),
        tasks: try readings.tasks(of: page, TaskSection.Choice(call)), done: call.text("done").flatMap(JobActs.Act.init))
    }
  }

  private var hosts: Route {
    page(PageShell.Place.hosts.rawValue, id: "showHosts", "The hosts.") { [readings] call in
      try readings.hosts().page(for: Visitor(call.caller))
    }
  }

  private var queue: Route {
    page(PageShell.Place.queue.rawValue, id: "showQueue", "What waits, and why.") { [readings] call in
      try readings.queue().page(for: Visitor(call.caller))
    }
  }

  private var plugins: Route {
    page(
      PageShell.Place.plugins.rawValue, id: "showPlugins", "The plugins that hosts have offered.",
      parameters: [.query("done", .choice(["release"]), "What was just done.")]
    ) { [readings] call in
      try readings.plugins().page(for: Visitor(call.caller), released: call.text("done") != nil)
    }
  }

  private var jobs: Route {
    page(PageShell.Place.jobs.rawValue, id: "showJobs", "All jobs.", parameters: JobsPage.parameters) { [readings] call in
      try readings.jobs(JobsPage.filter(call)).page(for: Visitor(call.caller))
    }
  }

  private var datasets: Route {
    page(PageShell.Place.datasets.rawValue, id: "showDatasets", "The curated datasets.") { [readings] call in
      try readings.datasets().page(for: Visitor(call.caller))
    }
  }

  private var dataset: Route {
    page(
      "/api/interface/datasets/{id}", id: "showDataset", "A dataset in full, on a map.",
      parameters: [
        DatasetActRoutes.id, .query("done", .choice(DatasetActs.Act.allCases.map(\.rawValue)), "What was just done to it."),
        .query("from", .integer(0...2_000_000_000), "The first feature that is listed."),
      ], policy: PageShell.policyWithMap
    ) { [readings] call in
      let page = try readings.dataset(call.path("id"))
      let map = try readings.map(of: call.path("id"), from: call.integer("from") ?? 0)
      return page.page(
        for: Visitor(call.caller), map: map.map, features: map.table, done: call.text("done").flatMap(DatasetActs.Act.init))
    }
  }

  private var schedules: Route {
    page(PageShell.Place.schedules.rawValue, id: "showSchedules", "What starts by the clock.") { [readings] call in
      try readings.schedules().page(for: Visitor(call.caller))
    }
  }

  private var schedule: Route {
    page(
      "/api/interface/schedules/{name}", id: "showScheduleInFull", "A schedule in full.",
      parameters: [
        ScheduleActRoutes.name, .query("done", .choice(ScheduleActRoutes.Act.allCases.map(\.rawValue)), "What was just done to it."),
        .query("after", .cursor, "`next` of the history before."), .query("from", .text(longest: 40), "Of a backfill that is thought of."),
        .query("to", .text(longest: 40), "Its end."), .query("reprocess", .choice(Reprocess.allCases.map(\.rawValue)), "What runs again."),
        .query("concurrency", .integer(1...1_000), "Its jobs at a time."),
      ]
    ) { [readings] call in
      try readings.schedule(call.path("name"), call)
        .page(for: Visitor(call.caller), done: call.text("done").flatMap(ScheduleActRoutes.Act.init))
    }
  }
}
