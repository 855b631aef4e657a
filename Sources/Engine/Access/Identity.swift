/// Whom a token or a session stands for.
public struct Identity: Sendable, Hashable {
  /// The token's name.
  public var name: String
  public var role: Role
  /// Nil: the token of the configuration.
  public var tokenID: Int64?
  /// Of a session.
  public var sessionID: Int64?

  public init(name: String, role: Role, tokenID: Int64? = nil, sessionID: Int64? = nil) {
    self.name = name
    self.role = role
    self.tokenID = tokenID
    self.sessionID = sessionID
  }

  /// Whoever knows the token of the configuration.
  public static let configured = Identity(name: "configured", role: .admin)
}
