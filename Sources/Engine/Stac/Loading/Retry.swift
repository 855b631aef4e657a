internal import Database
internal import Glibc

/// Tries again what failed for a reason that passes, after a longer random pause each time; about 10 s in all.
enum Retry {
  static let attempts = 10

  static func run<T>(_ body: () throws -> T) throws -> T {
    var attempt = 1
    while true {
      do {
        return try body()
      } catch let error as DatabaseError where isPassing(error) && attempt < attempts {
        pause(attempt)
        attempt += 1
      }
    }
  }

  /// Besides the usual ones: 23514 and 42P01, by which a partition shows that it was narrowed or is not there yet.
  static func isPassing(_ error: DatabaseError) -> Bool {
    error.isRetryable || error.isUnreachable || needsPartition(error)
  }

  static func needsPartition(_ error: DatabaseError) -> Bool { error.sqlstate == "23514" || error.sqlstate == "42P01" }

  static func pause(_ attempt: Int) {
    let most = min(3_000_000, 20_000 << min(attempt, 8))
    usleep(useconds_t.random(in: 1000...useconds_t(most)))
  }
}
