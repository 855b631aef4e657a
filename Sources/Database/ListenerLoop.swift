import CPostgres
import Logging

/// Connects, LISTENs, waits and tells, until it is told to stop.
struct ListenerLoop: Sendable {
  private let configuration: DatabaseConfiguration
  private let channels: [String]
  private let wake: WakeSignal
  private let tell: @Sendable (ListenerEvent) -> Void

  init(
    _ configuration: DatabaseConfiguration, channels: [String], wake: WakeSignal,
    tell: @escaping @Sendable (ListenerEvent) -> Void
  ) {
    self.configuration = configuration
    self.channels = channels
    self.wake = wake
    self.tell = tell
  }

  func run() {
    var pause: Int32 = 100
    while true {
      do {
        let connection = try Connection(configuration)
        for channel in channels { try connection.executeScript("LISTEN \(SQL.quoted(identifier: channel))") }
        tell(.listening)
        pause = 100
        guard follow(connection) else { return }
      } catch {
        configuration.logger.warning(
          "Cannot listen to PostgreSQL; trying again", metadata: ["error": "\(String(reflecting: error))"])
      }
      if wake.wait(milliseconds: .random(in: pause / 2...pause)) { return }
      pause = min(pause * 2, 5000)
    }
  }

  /// Tells what arrives. False when it was told to stop, true when the connection was lost.
  private func follow(_ connection: Connection) -> Bool {
    while true {
      while let notification = PQnotifies(connection.pointer) {
        let (channel, payload) = (notification.pointee.relname, notification.pointee.extra)
        if let channel, let payload {
          tell(.notified(channel: String(cString: channel), payload: String(cString: payload)))
        }
        PQfreemem(notification)
      }
      if wake.wait(or: PQsocket(connection.pointer), milliseconds: 60_000) { return false }
      if PQconsumeInput(connection.pointer) == 0 || connection.isBroken {
        configuration.logger.info("Lost the listening connection", metadata: ["server": "\(connection.server)"])
        return true
      }
    }
  }
}
