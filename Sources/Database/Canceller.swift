import CPostgres

/// Asks the server to end the statement that one session is running, from any thread.
final class Canceller: @unchecked Sendable {  // PQcancel is made for use beside the connection's own thread
  private let pointer: OpaquePointer

  /// Nil when the connection has no server process.
  init?(_ connection: OpaquePointer) {
    guard let cancel = PQgetCancel(connection) else { return nil }
    pointer = cancel
  }

  deinit { PQfreeCancel(pointer) }

  /// Blocks for one short connection of its own. False when the server could not be asked; the statement then runs on.
  func cancel() -> Bool {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
      PQcancel(pointer, message.baseAddress, 256) == 1
    }
  }
}
