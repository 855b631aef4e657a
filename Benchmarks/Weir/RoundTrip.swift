import Foundation
import Runners
import Runtime
import Synchronization

/// A warm runner asked for one task at a time, and for many: no database in it.
final class RoundTrip: RunnerDelegate {
  private let gathered = Mutex(0)
  private let signal = DispatchSemaphore(value: 0)
  private let wanted = Mutex(1)

  func outcomes(_ batch: [Outcome]) {
    let isEnough = gathered.withLock { count in
      count += batch.count
      return count >= wanted.withLock { $0 }
    }
    if isEnough { signal.signal() }
  }

  private func ask(_ pool: RunnerPool, _ build: RunnerBuild, _ count: Int) -> Double {
    gathered.withLock { $0 = 0 }
    wanted.withLock { $0 = count }
    let calls = (0..<count).map {
      TaskCall(token: Int64($0 + 1), jobID: "1", stage: "stage", taskID: "1/stage/\($0)", handler: "noop.run")
    }
    let start = ContinuousClock.now
    pool.submit(calls, build: build)
    signal.wait()
    return (ContinuousClock.now - start) / .microseconds(1)
  }

  static func measure() throws -> Measurement {
    guard let build = try BenchPlugin.load().handlers.first?.build else { throw Complaint("the plugin has no handler") }
    let trip = RoundTrip()
    let pool = try RunnerPool(slots: BenchHost.slots, configuration: BenchPlugin.runners(), delegate: trip)
    defer { pool.stop(grace: .seconds(1)) }
    for _ in 0..<200 { _ = trip.ask(pool, build, 1) }
    let single = (0..<2000).map { _ in trip.ask(pool, build, 1) }
    let many = (0..<5).map { _ in trip.ask(pool, build, 5000) }
    return Measurement(figures: ["us": single.median, "us_best": single.min() ?? 0, "piped_tasks_per_s": 5000 / many.median * 1e6])
  }
}
