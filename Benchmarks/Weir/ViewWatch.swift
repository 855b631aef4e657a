import Database
import Engine
import Foundation
import Runtime
import Synchronization

/// Asks the database something every 50 ms, as pages and the API do, and keeps how long it took.
final class ViewWatch: Sendable {
  private let isOver = Atomic(false)
  private let hasEnded = DispatchSemaphore(value: 0)
  private let times = Mutex<[Double]>([])

  /// - Parameter look: what is asked; else for the newest job.
  init(_ database: Database, look: @escaping @Sendable (Engine) throws -> Void = { _ = try $0.views.jobs(Views.JobFilter(limit: 1)) }) {
    var configuration = database.configuration
    (configuration.poolSize, configuration.applicationName) = (1, "weir-bench views")
    let watched = Database(configuration)
    let engine = Engine(database: watched)
    Threads.start { [self] in
      while !isOver.load(ordering: .relaxed) {
        let start = ContinuousClock.now
        // a look that fails is one look less
        if (try? look(engine)) != nil {
          let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
          times.withLock { $0.append(milliseconds) }
        }
        usleep(50_000)
      }
      watched.close()
      hasEnded.signal()
    }
  }

  /// Milliseconds of each look, the transaction around it and its round trips included.
  func end() -> [Double] {
    isOver.store(true, ordering: .relaxed)
    hasEnded.wait()
    return times.withLock { $0 }
  }
}
