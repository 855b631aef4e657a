internal import Database
internal import Glibc

/// Tries again what failed for a reason that passes, after a longer random pause each time; about 10 s in all.
enum Retry {
  static let attempts = 10

  /// - Throws: what `body` threw last; `StacError.cancelled` instead of a pause that nobody wants to wait for.
  static func run<T>(cancel: () -> Bool = { false }, _ body: () throws -> T) throws -> T {
    var attempt = 1
    while true {
      do {
        return try body()
      } catch let error as DatabaseError where isPassing(error) && attempt < attempts {
        try pause(attempt, cancel)
        attempt += 1
      }
    }
  }

  /// Besides the usual ones: 23514 and 42P01, by which a partition shows that it was narrowed or is not there yet.
  static func isPassing(_ error: DatabaseError) -> Bool {
    error.isRetryable || error.isUnreachable || needsPartition(error)
  }

  static func needsPartition(_ error: DatabaseError) -> Bool { error.sqlstate == "23514" || error.sqlstate == "42P01" }

  private static func pause(_ attempt: Int, _ cancel: () -> Bool) throws {
    var rest = Int.random(in: 1000...min(3_000_000, 20_000 << min(attempt, 8)))
    while rest > 0 {
      if cancel() { throw StacError(.cancelled, "STAC registry") }
      usleep(useconds_t(min(rest, 50_000)))
      rest -= 50_000
    }
  }
}
