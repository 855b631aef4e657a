import Database
import Foundation
import Runtime
import Synchronization

/// Looks every 20 ms how old the oldest open transaction of a database is.
final class TransactionWatch: Sendable {
  private let isOver = Atomic(false)
  private let hasEnded = DispatchSemaphore(value: 0)
  private let longest = Mutex(0.0)

  init(_ database: Database) throws {
    let watched = Database(DatabaseConfiguration(url: database.configuration.url, poolSize: 1, applicationName: "weir-bench watch"))
    Threads.start { [self] in
      // a look that fails is one look less
      _ = try? watched.withConnection { connection in
        while !isOver.load(ordering: .relaxed) {
          let age = try connection.query(
            """
            SELECT coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)), 0)::float8 FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
            """
          ).one().double(0)
          longest.withLock { $0 = max($0, age) }
          usleep(20_000)
        }
      }
      watched.close()
      hasEnded.signal()
    }
  }

  /// Seconds that the longest transaction was seen to last.
  func end() throws -> Double {
    isOver.store(true, ordering: .relaxed)
    hasEnded.wait()
    return longest.withLock { $0 }
  }
}
