/// Who makes a change, for the audit.
public struct Actor: Sendable, Hashable {
  /// The way by which a change came.
  public enum Via: String, Sendable, CaseIterable {
    /// The command `weir`.
    case cli
    /// A program that speaks HTTP.
    case api
    /// A person at a page.
    case page
    /// A host by itself: a rule, a schedule, a limit.
    case system
  }

  /// The token's name, the user of the command, or the rule of the host.
  public var name: String
  public var role: Role
  public var via: Via

  public init(name: String, role: Role, via: Via) {
    self.name = name
    self.role = role
    self.via = via
  }

  /// A host that does by itself what its rules say.
  public static let system = Actor(name: "weir", role: .admin, via: .system)
}
