import CPostgres
import Glibc
import Logging

/// One connection of handlers' sessions: every wait can be cancelled, and what the server sends is bounded.
final class GuestConnection: @unchecked Sendable {  // one session at a time holds it, and that is one thread's at a time
  let pointer: OpaquePointer
  let database: String
  private let canceller: Canceller
  // A server that does not obey a cancel request within this is taken for gone.
  private static let obeys: Duration = .seconds(30)

  /// Whether anybody still wants the answer; asked every 50 ms while waiting.
  typealias Cancel = () -> Bool

  /// Waits so long for an answer that should come at once.
  static func patience(_ time: Duration = .seconds(10)) -> Cancel {
    let end = ContinuousClock.now + time
    return { ContinuousClock.now > end }
  }

  /// - Throws: `.unreachable`.
  init(_ configuration: GuestConfiguration) throws(GuestError) {
    database = configuration.name
    do throws(DatabaseError) {
      pointer = try ConnectionStart(configuration.connection).connect()
    } catch {
      configuration.logger.warning(
        "Cannot open a handlers' database",
        metadata: ["database": "\(configuration.name)", "error": "\(String(reflecting: error))"])
      throw GuestError(.unreachable, configuration.name, "it cannot be reached, or refuses the login; the host's log has the reason")
    }
    guard let canceller = Canceller(pointer) else {
      PQfinish(pointer)
      throw GuestError(.unreachable, configuration.name, "the connection was lost")
    }
    self.canceller = canceller
    PQsetnonblocking(pointer, 1)
    PQsetNoticeProcessor(pointer, { _, _ in }, nil)  // RAISE NOTICE in a loop would fill the log
  }

  deinit { PQfinish(pointer) }

  var isBroken: Bool { PQstatus(pointer) != CONNECTION_OK }
  var isIdle: Bool { PQtransactionStatus(pointer) == PQTRANS_IDLE }

  /// Runs statements of our own, never of a handler.
  func script(_ text: String, _ cancel: Cancel = GuestConnection.patience()) throws(GuestError) -> ResultHandle {
    guard PQsendQuery(pointer, text) == 1 else { throw lost() }
    return try outcome(cancel)
  }

  /// Sends one statement: the extended protocol takes no second one.
  func send(_ sql: String, _ values: Bindings, _ cancel: Cancel) throws(GuestError) {
    if sql.utf8.contains(0) { throw GuestError(.misuse, database, "the statement holds U+0000") }
    if let number = values.firstWithNUL { throw GuestError(.misuse, database, "the value of $\(number) holds U+0000") }
    let count = values.count
    let sent = values.withArguments { types, values, lengths, formats in
      PQsendQueryParams(pointer, sql, Int32(count), types, values, lengths, formats, 0)
    }
    guard sent == 1 else { throw lost() }
    try flush(cancel)
  }

  /// Sends what libpq holds, until the socket has taken it all: a slow server slows its handler.
  func flush(_ cancel: Cancel) throws(GuestError) {
    var stopping = Stopping(canceller)
    while case let left = PQflush(pointer), left != 0 {
      guard left > 0, !stopping.isOver(cancel, Self.obeys), wait(for: POLLIN | POLLOUT) else { throw lost() }
    }
  }

  /// The next result; nil when there is none. At the start of a COPY, that, each time anew.
  func next(_ cancel: Cancel) throws(GuestError) -> ResultHandle? {
    var stopping = Stopping(canceller)
    while PQisBusy(pointer) != 0 {
      guard !stopping.isOver(cancel, Self.obeys), wait(for: POLLIN) else { throw lost() }
    }
    return PQgetResult(pointer).map { ResultHandle($0) }
  }

  /// The last result, or the first failure.
  func outcome(_ cancel: Cancel) throws(GuestError) -> ResultHandle {
    try flush(cancel)
    var last: ResultHandle?
    var failure: GuestError?
    while let result = try next(cancel) {
      if failure == nil, !result.isOK { failure = GuestError(result.pointer, database) }
      last = result
    }
    if let failure { throw failure }
    guard let last else { throw lost() }
    return last
  }

  /// Asks the server to end what it does; the answer says whether it did.
  func stop() { _ = canceller.cancel() }

  /// Reads and drops what is left of an answer.
  func drain() throws(GuestError) {
    let cancel = Self.patience()
    while let result = try next(cancel) {
      switch PQresultStatus(result.pointer) {
      case PGRES_COPY_IN: try leaveCopyIn()
      case PGRES_COPY_OUT, PGRES_COPY_BOTH: leaveCopyOut()
      default: continue
      }
    }
    // of LISTEN nobody takes any
    while let notification = PQnotifies(pointer) { PQfreemem(notification) }
  }

  func leaveCopyIn() throws(GuestError) {
    // a server that waits for a lock meanwhile takes nothing more until it is told to stop
    let cancel = Self.patience(.seconds(1))
    while PQputCopyEnd(pointer, "given up") == 0 { try flush(cancel) }
    try flush(cancel)
  }

  func lost() -> GuestError { GuestError(.unreachable, database, "the connection to PostgreSQL was lost") }

  func leaveCopyOut() {
    stop()
    var row: UnsafeMutablePointer<CChar>?
    while PQgetCopyData(pointer, &row, 0) > 0 { PQfreemem(row) }
  }

  /// False when the connection is gone.
  private func wait(for events: Int32) -> Bool {
    var watched = pollfd(fd: PQsocket(pointer), events: Int16(events), revents: 0)
    let ready = poll(&watched, 1, 50)
    if ready < 0 { return errno == EINTR }
    if watched.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 { return PQconsumeInput(pointer) == 1 }
    return true
  }

  /// One wait that was cancelled: the server is asked once, and then has a time to obey.
  private struct Stopping {
    private let canceller: Canceller
    private var since: ContinuousClock.Instant?

    init(_ canceller: Canceller) { self.canceller = canceller }

    mutating func isOver(_ cancel: Cancel, _ limit: Duration) -> Bool {
      if let since { return since.duration(to: .now) > limit }
      if cancel() {
        since = .now
        _ = canceller.cancel()
      }
      return false
    }
  }
}
