import Foundation
import Runners
import Synchronization

/// A handler that does not listen, stopped for making no progress: how long after its grace period it is dead, and when its slot
/// works again.
final class Kills: RunnerDelegate {
  private let latest = Mutex<Outcome?>(nil)
  private let signal = DispatchSemaphore(value: 0)

  private static let limit: Duration = .milliseconds(100)
  private static let grace: Duration = .milliseconds(300)
  private static let rounds = 15

  func outcomes(_ batch: [Outcome]) {
    latest.withLock { $0 = batch.last }
    signal.signal()
  }

  private func call(_ pool: RunnerPool, _ number: Int, _ handler: String, _ params: String = "{}") -> (Outcome?, Double) {
    let folder = RunnerConfiguration.programFolder()
    let build = RunnerBuild(plugin: "broken", library: folder + "/libBroken.so", sha256: "broken")
    let start = ContinuousClock.now
    let task = TaskCall(
      token: Int64(number), jobID: "1", stage: "stage", taskID: "1/stage/\(number)", handler: handler, progressTimeout: Self.limit,
      params: Array(params.utf8))
    pool.submit([task], build: build)
    signal.wait()
    return (latest.withLock { $0 }, (ContinuousClock.now - start) / .milliseconds(1))
  }

  static func measure() throws -> Measurement {
    let kills = Kills()
    var configuration = try BenchPlugin.runners()
    configuration.grace = grace
    let pool = try RunnerPool(slots: 1, configuration: configuration, delegate: kills)
    defer { pool.stop(grace: .seconds(1)) }
    var late: [Double] = []
    var again: [Double] = []
    for round in 0..<rounds {
      let (killed, _) = kills.call(pool, 2 * round + 1, "broken.spin")
      guard let killed, killed.kind == .timedOut, killed.endedRunner else { throw Complaint("kill: it was not killed") }
      late.append((killed.wall - limit - grace) / .milliseconds(1))
      let (next, took) = kills.call(pool, 2 * round + 2, "broken.print", #"{"kb":1}"#)
      guard next?.kind == .completed else { throw Complaint("kill: its slot does not work: \(next?.message ?? "")") }
      again.append(took)
    }
    return Measurement(figures: ["late_ms": late.median, "late_ms_worst": late.max() ?? 0, "again_ms": again.median])
  }
}
