/// How a session is opened; nil leaves it to the server.
public struct SQLOptions: Sendable {
  public enum Isolation: String, Sendable {
    case readCommitted = "read committed"
    case repeatableRead = "repeatable read"
    case serializable
  }

  public var isolation: Isolation?
  public var isReadOnly: Bool
  /// How long a statement may wait for a lock.
  public var lockTimeout: Duration?

  public init(isolation: Isolation? = nil, isReadOnly: Bool = false, lockTimeout: Duration? = nil) {
    self.isolation = isolation
    self.isReadOnly = isReadOnly
    self.lockTimeout = lockTimeout
  }

  func json(commitsEach: Bool) -> JSONText {
    .object([
      "isolation": isolation.map { JSONText($0.rawValue) }, "read_only": isReadOnly ? JSONText(true) : nil,
      "lock_timeout_ms": lockTimeout.map { JSONText($0.milliseconds) }, "autocommit": commitsEach ? JSONText(true) : nil,
    ])
  }
}
