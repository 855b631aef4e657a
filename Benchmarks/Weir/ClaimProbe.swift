import Database
import Engine
import Foundation
import Workflow

/// A host that claims now and then beside the one that works, measures how long that takes, and gives back what it got.
final class ClaimProbe {
  private let database: Database
  private let engine: Engine
  private let host: Int64

  init(_ database: Database) throws {
    var configuration = database.configuration
    (configuration.poolSize, configuration.applicationName) = (1, "weir-bench claims")
    self.database = Database(configuration)
    // a lease that nobody needs to renew for as long as this runs
    engine = Engine(database: self.database, lease: .seconds(7 * 86_400))
    host = try engine.hosts.register(
      HostIdentity(name: "probe", machine: "probe", pid: 1, process: "probe"), version: "probe", slots: 1, offers: [])
  }

  deinit { database.close() }

  /// Milliseconds of a claim of up to 100 tasks; nil when none was there to claim.
  func milliseconds() throws -> Double? {
    let start = ContinuousClock.now
    let tasks = try engine.queue.claim(host: host, handlers: ["noop.run"], limit: 100)
    let time = (ContinuousClock.now - start) / .milliseconds(1)
    guard !tasks.isEmpty else { return nil }
    let back = tasks.map { Completion(task: $0, end: .returned, verdict: .again(after: .zero, isCounted: false)) }
    _ = try engine.queue.complete(back, host: host)
    return time
  }
}
