import Engine
import TestSupport
import Workflow

/// Jobs in many states at once, with a stage of 120,000 tasks, failures, a lost host and samples: what pages have to show.
struct Showcase: Sendable {
  static let tasks = 120_000
  /// Text that tries to become markup wherever it is shown.
  static let hostile = #"</script><img src=x onerror="alert(1)">'&"#

  static let wide = """
    {"name": "mosaic", "title": "Makes a mosaic",
     "parameters": {"type": "object", "properties": {"tiles": {"type": "integer"}, "note": {"type": "string"}}},
     "stages": [
       {"id": "plan", "handler": "sample.list", "params": {}},
       {"id": "render", "handler": "sample.copy", "needs": ["plan"], "for_each": {"items_of": "plan"}, "params": {"item": "${item}"},
        "tolerate": "50%"},
       {"id": "preview", "handler": "sample.copy", "needs": ["plan"], "params": {}},
       {"id": "publish", "handler": "sample.list", "needs": ["render", "preview"], "params": {}}]}
    """

  let large: Int64
  let failed: Int64
  let host: Int64

  init(_ engine: Engine) throws {
    let handlers = ["sample.list", "sample.copy"]
    try engine.catalog.put(WorkflowDefinition.load(bytes: Array(Self.wide.utf8), file: "wide").get(), text: Self.wide)
    host = try engine.hosts.register(
      HostIdentity(name: "alpha", machine: "m", pid: 4, process: "p"), version: "1.0.0", slots: 8,
      offers: handlers.map { Offer(handler: $0, libraryHash: "ab12") })
    failed = try Self.fail(engine, host)
    large = try engine.jobs.submit(
      Submission(
        workflow: "mosaic", params: Array(#"{"tiles": 120000}"#.utf8), priority: 5, labels: ["nightly", Self.hostile]), by: .system
    ).jobID
    try Self.advance(engine, host, of: large)
    for _ in 0..<2 {
      _ = try engine.jobs.submit(Submission(workflow: "gather", params: Array(#"{"from": "here"}"#.utf8), priority: -5), by: .system)
    }
    let orphan = try engine.jobs.submit(
      Submission(workflow: "gather", params: Array(#"{"from": "there"}"#.utf8), priority: -6), by: .system)
    try engine.control.pause(orphan.jobID, why: Self.hostile, by: .system)
    for (name, cron) in [("nightly", "30 2 * * *"), ("weekly", "0 6 * * MON")] {
      let settings = try ScheduleSettings([
        "workflow": "gather", "cron": .string(cron), "zone": "Europe/Zurich", "params": ["from": .string(Self.hostile)],
      ])
      _ = try engine.schedules.put(name, settings, by: .system)
    }
    _ = try engine.schedules.pause("weekly", why: Self.hostile, by: .system)
  }

  /// A job of which every task of a stage fails.
  private static func fail(_ engine: Engine, _ host: Int64) throws -> Int64 {
    let job = try engine.jobs.submit(
      Submission(workflow: "gather", params: Array(#"{"from": "nowhere"}"#.utf8), priority: 9, labels: ["broken"]), by: .system
    ).jobID
    let list = try engine.queue.claim(host: host, handlers: ["sample.list"], limit: 1)
    var listed = Completion(task: list[0], end: .completed, verdict: .completed)
    listed.items = Emission(tailCount: 5, tail: Array("1\n2\n3\n4\n5\n".utf8))
    _ = try engine.queue.complete([listed], host: host)
    let copies = try engine.queue.claim(host: host, handlers: ["sample.copy"], limit: 3)
    _ = try engine.queue.complete(
      copies.map { task in
        var completion = Completion(task: task, end: .failed, verdict: .failed)
        completion.message = "the object \(hostile) is not there"
        completion.itemsOfTask = 2
        return completion
      }, host: host)
    return job
  }

  private static func advance(_ engine: Engine, _ host: Int64, of job: Int64) throws {
    let plan = try engine.queue.claim(host: host, handlers: ["sample.list"], limit: 1)
    var planned = Completion(task: plan[0], end: .completed, verdict: .completed)
    planned.items = Emission(tailCount: tasks, tail: (0..<tasks).flatMap { Array("\($0)\n".utf8) })
    planned.result = #"{"tiles": 120000}"#
    _ = try engine.queue.complete([planned], host: host)
    let settings = MetricsSettings()
    for round in 0..<4 {
      _ = try engine.metrics.sample(settings)
      let rendered = try engine.queue.claim(host: host, handlers: ["sample.copy"], limit: 300)
      _ = try engine.queue.complete(
        rendered.dropLast(round == 3 ? 40 : 0).map { task in
          let isBad = task.n % 44 == 3
          var completion = Completion(task: task, end: isBad ? .crashed : .completed, verdict: isBad ? .failed : .completed)
          if isBad {
            completion.message = "sample.copy crashed: SIGSEGV"
            completion.itemsOfTask = 1
          }
          return completion
        }, host: host)
      try engine.journal.append([
        Journal.Line(
          stageID: rendered[0].stageID, n: rendered[0].n, attempt: 1, level: round, message: "round \(round) \(hostile)",
          fields: #"{"ms": 1.50}"#)
      ])
    }
    _ = try engine.metrics.sample(settings)
  }
}
