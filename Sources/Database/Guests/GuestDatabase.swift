import Synchronization

/// A database that the operator named for handlers: connections under its restricted role, opened when first needed.
///
/// Whoever opens sessions sees to it that there are no more than `configuration.connections` at a time.
public final class GuestDatabase: Sendable {
  public let configuration: GuestConfiguration
  private let idle = Mutex<[GuestConnection]>([])

  public init(_ configuration: GuestConfiguration) {
    self.configuration = configuration
  }

  /// Opens a transaction. Blocks.
  /// - Throws: `.unreachable`, `.unsafeLogin`.
  public func begin(_ options: GuestOptions) throws(GuestError) -> GuestSession {
    let opening = options.opening(role: configuration.role)
    while let connection = idle.withLock({ $0.popLast() }) {
      // a connection that died while it was idle shows at its first use, where nothing is lost yet: the next one
      if let session = try? open(connection, opening, options) { return session }
    }
    return try open(try GuestLogin(configuration: configuration).open(), opening, options)
  }

  /// Takes a session back, aborted unless it has ended; nothing of it is left to the next one.
  public func giveBack(_ session: GuestSession) {
    let connection = session.connection
    do throws(GuestError) {
      if !session.hasEnded { try session.end(commits: false, cancel: GuestConnection.patience()) }
      guard !connection.isBroken, connection.isIdle else { return }
      // settings, temporary tables, locks, prepared statements, LISTEN
      _ = try connection.script("DISCARD ALL")
      try connection.drain()
    } catch {
      return  // it is closed with its last reference
    }
    idle.withLock { $0.append(connection) }
  }

  /// Closes the idle connections.
  public func close() {
    idle.withLock { $0 = [] }
  }

  private func open(
    _ connection: GuestConnection, _ opening: String, _ options: GuestOptions
  ) throws(GuestError) -> GuestSession {
    if !opening.isEmpty { _ = try connection.script(opening) }
    return GuestSession(connection, options)
  }
}
