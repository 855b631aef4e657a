import Database
import Foundation
import Workflow

/// The figures of one measurement, by name.
struct Measurement {
  static let works = "fan-out, chain, narrow, round-trip, kill, emit, viewers or alone"

  var figures: [String: Double]

  var json: JSON {
    .object(JSONObject(figures.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }))
  }

  /// Measures one work in this process, which should do nothing else before or after: its peak of memory is among the figures.
  static func of(_ work: String, _ options: Options) throws -> Measurement {
    if work == "round-trip" { return try RoundTrip.measure() }
    if work == "kill" { return try Kills.measure() }
    if ["viewers", "alone"].contains(work) {
      return try ViewedJob(url: options.url, tasks: options.tasks, viewers: work == "viewers" ? Viewers.count : 0).measure()
    }
    let host = try BenchHost(url: options.url)
    defer { host.stop() }
    switch work {
    case "fan-out": return try fanOut(host, options.tasks)
    case "chain": return try chain(host)
    case "narrow": return try narrow(host, options.tasks)
    case "emit": return try emit(host, options.tasks)
    default: throw Complaint("once: there is no work \"\(work)\"; it is \(works)")
    }
  }

  /// 1 -> `tasks` -> 1: tasks a second over the whole job, its listing and submission included; CPU a task less an empty job's.
  private static func fanOut(_ host: BenchHost, _ tasks: Int) throws -> Measurement {
    try host.run(BenchPlugin.fanOut, #"{"count": 500}"#)
    let meter = try CPUMeter(host.database)
    for _ in 0..<5 { try host.run(BenchPlugin.fanOut, #"{"count": 0}"#) }
    let empty = meter.used()
    // the small ones measure no views, whose own cost would count against their few tasks
    let views = tasks > 100_000 ? ViewWatch(host.database) : nil
    let busy = try CPUMeter(host.database)
    let times = try host.run(BenchPlugin.fanOut, #"{"count": \#(tasks)}"#)
    let used = busy.used()
    let looks = views?.end() ?? []
    guard times.tasks == tasks + 2 else { throw Complaint("\(times.tasks) tasks completed, not \(tasks + 2)") }
    func each(_ part: KeyPath<CPUMeter.Used, Double>) -> Double { (used[keyPath: part] - empty[keyPath: part] / 5) / Double(tasks) }
    return Measurement(figures: [
      "tasks_per_s": Double(tasks) / times.wall, "seconds": times.wall,
      "work_tasks_per_s": Double(tasks) / (try host.seconds(ofStage: "work", job: times.job)), "cpu_ms_per_task": each(\.total),
      "host_cpu_ms_per_task": each(\.host), "runners_cpu_ms_per_task": each(\.runners),
      "postgres_cpu_ms_per_task": each(\.postgres), "empty_job_cpu_ms": empty.total / 5, "host_peak_mib": CPUMeter.peakMiB,
      "foreign": used.foreign, "views": Double(looks.count), "view_ms": looks.median,
    ])
  }

  private static func chain(_ host: BenchHost) throws -> Measurement {
    for _ in 0..<5 { try host.run(BenchPlugin.chain) }
    let meter = try CPUMeter(host.database)
    let times = try (0..<20).map { _ in try host.run(BenchPlugin.chain) }
    let used = meter.used()
    return Measurement(figures: [
      "ms": times.map(\.wall).median * 1000, "ms_recorded": times.map(\.recorded).median * 1000,
      "ms_best": (times.map(\.wall).min() ?? 0) * 1000, "ms_worst": (times.map(\.wall).max() ?? 0) * 1000,
      "cpu_ms": used.total / 20, "foreign": used.foreign,
    ])
  }

  /// 1 -> `tasks` -> 1 where `tasks` are few: seconds.
  private static func narrow(_ host: BenchHost, _ tasks: Int) throws -> Measurement {
    for _ in 0..<3 { try host.run(BenchPlugin.fanOut, #"{"count": \#(tasks)}"#) }
    let meter = try CPUMeter(host.database)
    let times = try (0..<10).map { _ in try host.run(BenchPlugin.fanOut, #"{"count": \#(tasks)}"#) }
    return Measurement(figures: [
      "seconds": times.map(\.wall).median, "seconds_recorded": times.map(\.recorded).median,
      "seconds_best": times.map(\.wall).min() ?? 0, "foreign": meter.used().foreign,
    ])
  }

  /// One task that emits `tasks` items of 1 KB: memory, and the longest transaction meanwhile.
  private static func emit(_ host: BenchHost, _ items: Int) throws -> Measurement {
    let watch = try TransactionWatch(host.database)
    let times = try host.run(BenchPlugin.emit, #"{"count": \#(items)}"#)
    return Measurement(figures: [
      "seconds": times.wall, "items_per_s": Double(items) / times.wall, "host_peak_mib": CPUMeter.peakMiB,
      "longest_transaction_s": try watch.end(),
    ])
  }
}

extension [Double] {
  /// 0 for none.
  var median: Double {
    guard !isEmpty else { return 0 }
    let sorted = sorted()
    return count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2
  }
}
