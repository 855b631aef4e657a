import Glibc

/// PostgreSQL, through a pool of blocking connections.
///
/// `withConnection` and `transaction` block the calling thread and belong on threads that may block; async code goes
/// through `perform`. Connections are opened when first needed, and replaced when they break.
public final class Database: Sendable {
  public let configuration: DatabaseConfiguration
  private let pool: Pool
  private let threads: PoolThreads

  public init(_ configuration: DatabaseConfiguration) {
    self.configuration = configuration
    pool = Pool(configuration)
    threads = PoolThreads(limit: configuration.poolSize + 1)
  }

  deinit { close() }

  /// Lends a connection to `body`.
  /// - Throws: `.poolExhausted` when none became free within the pool's timeout; `.connection` when PostgreSQL is away.
  @discardableResult
  public func withConnection<T>(_ body: (Connection) throws -> T) throws -> T {
    let connection = try pool.take(until: deadline)
    defer { pool.giveBack(connection) }
    return try body(connection)
  }

  /// Lends a session of its own that is closed afterwards: for scripts that leave settings or a role behind.
  /// - Throws: `.migration` when a pooler stands between, which would hand what they leave to others.
  @discardableResult
  public func withFreshConnection<T>(_ body: (Connection) throws -> T) throws -> T {
    guard configuration.canListen else {
      throw DatabaseError(
        .migration(
          "installing needs a session of its own, and the database URL leads to a pooler in transaction mode.",
          hint: "Set WEIR_DATABASE_LISTEN_URL to the server itself, or run `weir db migrate` once with the server's own URL."))
    }
    return try body(Connection(configuration.direct))
  }

  /// Runs `body` in a transaction: COMMIT when it returns, ROLLBACK when it throws.
  /// - Parameter deadline: how long each of its statements may take.
  @discardableResult
  public func transaction<T>(
    isolation: Isolation = .serverDefault, access: Access = .readWrite, deadline: Duration? = nil,
    _ body: (Transaction) throws -> T
  ) throws -> T {
    try withConnection { connection in
      try connection.transaction(isolation: isolation, access: access, deadline: deadline, body)
    }
  }

  /// Runs `body` in a transaction, and again from the start when it failed for a reason that passes
  /// (`DatabaseError.isRetryable`), each time after a longer random pause. `body` must have no other effects.
  @discardableResult
  public func retryingTransaction<T>(
    attempts: Int = 5, isolation: Isolation = .serverDefault, _ body: (Transaction) throws -> T
  ) throws -> T {
    var attempt = 1
    while true {
      do {
        return try transaction(isolation: isolation, body)
      } catch let error as DatabaseError where error.isRetryable && attempt < attempts {
        // 10, 20, 40, ... ms at most, with full jitter, so that those who collided do not meet again.
        usleep(UInt32.random(in: 0...(10_000 << UInt32(min(attempt - 1, 6)))))
        attempt += 1
      }
    }
  }

  /// Runs `body` with a connection on a thread of this database's own, for async callers.
  ///
  /// Cancelling the calling task cancels the statement that runs (PQcancel), and `perform` throws `CancellationError`.
  @discardableResult
  public func perform<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
    let call = PendingCall<T>()
    let deadline = deadline
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        guard call.wait(continuation) else { return }
        if !threads.submit({ [pool] in Self.run(body, call, pool, deadline) }) {
          call.end().answer(.failure(DatabaseError(.misuse("the database has been closed, or has no thread."))))
        }
      }
    } onCancel: {
      call.cancel()
    }
  }

  /// Listens on a connection of its own until the stream's consumer leaves or `Listener.stop()` is called. Nil when a pooler stands in
  /// the way: then look at the tables now and then.
  public func listen(_ channels: [String]) -> Listener? {
    configuration.canListen ? Listener(configuration.direct, channels: channels) : nil
  }

  /// Lets every session prepare its statements anew: after DDL.
  public func forgetStatements() {
    pool.forgetStatements()
  }

  /// Closes idle connections now, others when they come back; later calls throw.
  public func close() {
    threads.close()
    pool.close()
  }

  private var deadline: ContinuousClock.Instant { .now + configuration.poolTimeout }

  private static func run<T>(
    _ body: (Connection) throws -> T, _ call: PendingCall<T>, _ pool: Pool, _ deadline: ContinuousClock.Instant
  ) {
    if call.isCancelled { return }
    let connection: Connection
    do throws(DatabaseError) {
      connection = try pool.take(until: deadline)
    } catch {
      return call.end().answer(.failure(error))
    }
    guard call.begin(with: connection.canceller) else { return pool.giveBack(connection) }
    let result = Result { try body(connection) }
    let ending = call.end()
    // A cancelled session is not lent again: the request might yet reach the next caller's statement.
    pool.giveBack(connection, reusable: !ending.wasCancelled)
    ending.answer(result)
  }
}
