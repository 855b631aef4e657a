import Foundation
import Database

/// Jobs of every shape, for as long as asked, with a line a minute on what grows.
struct Soak {
  let minutes: Double

  func run() throws {
    let server = try BenchServer(folder: Bench.folder + "/cluster")
    defer { try? server.remove() }  // what stays is removed at the next start
    try server.withDatabase { url in
      let host = try BenchHost(url: url)
      defer { host.stop() }
      let start = ContinuousClock.now
      var (jobs, tasks, nextReport) = (0, 0, ContinuousClock.now)
      while ContinuousClock.now - start < .seconds(minutes * 60) {
        for (workflow, params) in [
          (BenchPlugin.chain, "{}"), (BenchPlugin.fanOut, #"{"count": 0}"#), (BenchPlugin.fanOut, #"{"count": 3000}"#),
          (BenchPlugin.emit, #"{"count": 2000}"#),
        ] {
          tasks += try host.run(workflow, params).tasks
          jobs += 1
        }
        if ContinuousClock.now >= nextReport {
          nextReport += .seconds(60)
          print(try line(host, ContinuousClock.now - start, jobs, tasks))
        }
      }
      print(try line(host, ContinuousClock.now - start, jobs, tasks))
    }
  }

  private func line(_ host: BenchHost, _ age: Duration, _ jobs: Int, _ tasks: Int) throws -> String {
    let sizes = try host.database.withConnection { connection in
      try connection.query(
        """
        SELECT (SELECT count(*) FROM ready) AS ready, (SELECT count(*) FROM leases) AS leases,
               pg_total_relation_size('ready') / 1024 AS ready_kib, pg_total_relation_size('leases') / 1024 AS leases_kib
        """
      ).one()
    }
    let resident = (CPUMeter.read("/proc/self/status") ?? "").split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    return """
      \(Int(age / .seconds(60))) min: \(jobs) jobs, \(tasks) tasks completed; \(resident), peak \(Int(CPUMeter.peakMiB)) MiB; \
      ready \(try sizes.int("ready")) rows in \(try sizes.int("ready_kib")) KiB, leases \(try sizes.int("leases")) in \(try sizes.int("leases_kib")) KiB
      """
  }
}
