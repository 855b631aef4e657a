import Database
import Engine
import Foundation

/// A stage of a million tasks beside one of ten thousand, then jobs at full rate for as long as asked: what a task costs, and what grows.
struct Soak {
  let minutes: Double
  /// Of the large stage; the small one has a hundredth.
  let tasks: Int

  /// Answers whether all that is promised held.
  func run() throws -> Bool {
    let server = try BenchServer(folder: Bench.folder + "/cluster")
    defer { try? server.remove() }  // what stays is removed at the next start
    let format = DateFormatter()
    format.dateFormat = "yyyy-MM-dd HH:mm 'UTC'"
    format.timeZone = TimeZone(identifier: "UTC")
    print("soak of \(format.string(from: Date())), \(ProcessInfo.processInfo.processorCount) processors, PostgreSQL \(try server.version)")
    let flat = try flatCost(server)
    let steady = try server.withDatabase { url in try fullRate(url) }
    return flat && steady
  }

  private func flatCost(_ server: BenchServer) throws -> Bool {
    // the small one is over in a moment: the median of five
    let small = try (0..<5).map { _ in try once(server, max(100, tasks / 100)) }
    let large = try once(server, tasks)
    func cost(_ measured: Measurement) -> Double { measured.figures["cpu_ms_per_task"] ?? 0 }
    let few = small.map(cost).median
    print("a stage of \(max(100, tasks / 100)) tasks: \(few.text(4)) ms CPU a task (host, runners, PostgreSQL)")
    print(
      "a stage of \(tasks) tasks: \(cost(large).text(4)) ms CPU a task, \((large.figures["tasks_per_s"] ?? 0).text(0)) tasks/s, "
        + "others used \(((large.figures["foreign"] ?? 0) * 100).text(0)) % of the machine")
    let (ratio, memory) = (cost(large) / few, large.figures["host_peak_mib"] ?? 0)
    let view = large.figures["view_ms"] ?? 0
    return [
      verdict("CPU a task, large beside small", ratio.text(2), "0.80-1.20", (0.8...1.2).contains(ratio)),
      verdict("peak memory of the host, MiB", memory.text(0), "under 300", memory < 300),
      verdict(
        "the job's view while it runs, ms of the database (median of \(Int(large.figures["views"] ?? 0)))", view.text(1), "under 20",
        view < 20),
    ].allSatisfy { $0 }
  }

  private func once(_ server: BenchServer, _ tasks: Int) throws -> Measurement {
    try server.withDatabase { try Bench.once("fan-out", tasks, url: $0) }
  }

  /// Jobs of many tasks one after another, with small ones of every shape between; what ended is removed after a minute.
  private func fullRate(_ url: String) throws -> Bool {
    let host = try BenchHost(url: url, retention: .seconds(min(60, minutes * 60 / 10)))
    defer { host.stop() }
    let probe = try ClaimProbe(host.database)
    let start = ContinuousClock.now
    let length: Duration = .seconds(minutes * 60)
    var looks: [Look] = []
    var (jobs, tasks) = (0, 0)
    let each = max(1, min(100_000, self.tasks / 10))
    while looks.count < Self.looks || ContinuousClock.now - start < length {
      for (workflow, params) in [
        (BenchPlugin.chain, "{}"), (BenchPlugin.fanOut, #"{"count": 0}"#), (BenchPlugin.emit, #"{"count": \#(each / 50)}"#),
      ] {
        tasks += try host.run(workflow, params).tasks
        jobs += 1
      }
      let job = try host.submit(BenchPlugin.fanOut, #"{"count": \#(each)}"#)
      if ContinuousClock.now - start >= length * looks.count / (Self.looks - 1) - .milliseconds(1) || looks.isEmpty {
        looks.append(try look(host, probe, ContinuousClock.now - start))
      }
      tasks += try host.end(of: job, BenchPlugin.fanOut)
      jobs += 1
    }
    print("\(jobs) jobs, \(tasks) tasks in \(((ContinuousClock.now - start) / .seconds(60)).text(1)) min")
    return judge(looks)
  }

  /// Looks over the whole time; the verdict compares the first third with the last.
  private static let looks = 9

  private struct Look {
    var claim: Double
    /// KiB by table, indexes included.
    var sizes: [(table: String, kib: Int)]
    var hot: Int { sizes.filter { Soak.hot.contains($0.table) }.reduce(0) { $0 + $1.kib } }
  }

  private static let hot = ["ready", "leases", "stage_counters"]

  private func look(_ host: BenchHost, _ probe: ClaimProbe, _ age: Duration) throws -> Look {
    var claims: [Double] = []
    // the job was submitted a moment ago: its large stage opens soon, and has claims for a second or two
    let limit = ContinuousClock.now + .seconds(2)
    while claims.count < 20, ContinuousClock.now < limit { if let time = try probe.milliseconds() { claims.append(time) } }
    let sizes = try host.database.withConnection { connection in
      try connection.query(
        """
        SELECT t, (pg_total_relation_size(t::regclass) / 1024)::int
        FROM unnest(\(Self.hot + ["attempts", "chunks", "item_ranges", "jobs"])::text[]) AS t
        """
      ).map { (table: try $0.string(0), kib: try $0.int(1)) }
    }
    let resident = (CPUMeter.read("/proc/self/status") ?? "").split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    let look = Look(claim: claims.median, sizes: sizes)
    print(
      "\((age / .seconds(60)).text(1)) min: a claim takes \(look.claim.text(2)) ms (median of \(claims.count)); "
        + sizes.map { "\($0.table) \($0.kib) KiB" }.joined(separator: ", ")
        + "; \(resident.filter { $0 != "\t" }), peak \(CPUMeter.peakMiB.text(0)) MiB")
    return look
  }

  private func judge(_ looks: [Look]) -> Bool {
    let (first, last) = (looks.prefix(3), looks.suffix(3))
    let (before, after) = (first.map { Double($0.hot) }.median, last.map { Double($0.hot) }.median)
    let (claim, later) = (first.map(\.claim).median, last.map(\.claim).median)
    return [
      verdict(
        "hot tables, KiB in the first and the last third", "\(before.text(0)), \(after.text(0))", "no growth", after <= before * 1.25 + 1024
      ),
      verdict(
        "a claim, ms in the first and the last third", "\(claim.text(2)), \(later.text(2))", "no growth",
        claim > 0 && later > 0 && later <= claim * 1.5 + 1),
    ].allSatisfy { $0 }
  }

  private func verdict(_ what: String, _ figure: String, _ aim: String, _ holds: Bool) -> Bool {
    print("\(holds ? "holds" : "FAILS"): \(what): \(figure) (\(aim))")
    return holds
  }
}
