/// How a handler's session is opened.
public struct GuestOptions: Sendable, Hashable {
  public var isolation: Isolation
  public var access: Access
  /// How long a statement may wait for a lock; nil: without end.
  public var lockTimeout: Duration?
  /// Each statement is a transaction of its own: for what cannot run inside one.
  public var commitsEach: Bool

  public init(
    isolation: Isolation = .serverDefault, access: Access = .readWrite, lockTimeout: Duration? = nil, commitsEach: Bool = false
  ) {
    self.isolation = isolation
    self.access = access
    self.lockTimeout = lockTimeout
    self.commitsEach = commitsEach
  }

  /// What a session begins with.
  func opening(role: String?) -> String {
    let scope = commitsEach ? "SET" : "SET LOCAL"
    var statements: [String] = []
    if !commitsEach { statements.append(Transaction.opening(isolation: isolation, access: access, deadline: nil)) }
    if let role { statements.append("\(scope) ROLE \(SQL.quoted(identifier: role))") }
    if let lockTimeout { statements.append("\(scope) lock_timeout = \(max(1, lockTimeout.milliseconds))") }
    // once a query has run, SET TRANSACTION READ WRITE comes too late
    if !commitsEach, access == .readOnly { statements.append("SELECT 1") }
    return statements.joined(separator: "; ")
  }
}
