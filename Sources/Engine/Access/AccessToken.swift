import Database
public import Workflow

/// A token as it is shown; what it reads is nowhere kept.
public struct AccessToken: Sendable {
  public enum State: String, Sendable, CaseIterable {
    case active, expired, revoked
  }

  public var id: Int64
  public var name: String
  public var role: Role
  public var state: State
  /// Its first letters, to know it again by.
  public var beginning: String
  /// Times are RFC 3339 in UTC.
  public var createdAt: String
  public var createdBy: String
  public var expiresAt: String?
  /// To a few minutes.
  public var lastUsedAt: String?
  public var revokedAt: String?
  public var revokedBy: String?

  static let columns: SQL = """
    id, name, role, CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= now() THEN 'expired' ELSE 'active' END,
    beginning, \(raw: Views.time("created_at")), created_by, \(raw: Views.time("expires_at")), \(raw: Views.time("last_used_at")),
    \(raw: Views.time("revoked_at")), revoked_by
    """

  init(_ row: Row) throws {
    id = Int64(try row.int(0))
    name = try row.string(1)
    role = Role(rawValue: try row.string(2)) ?? .viewer
    state = State(rawValue: try row.string(3)) ?? .revoked
    beginning = try row.string(4)
    createdAt = try row.string(5)
    createdBy = try row.string(6)
    expiresAt = try row.stringOrNil(7)
    lastUsedAt = try row.stringOrNil(8)
    revokedAt = try row.stringOrNil(9)
    revokedBy = try row.stringOrNil(10)
  }

  public var json: JSON {
    [
      "name": .string(name), "role": .string(role.rawValue), "state": .string(state.rawValue), "beginning": .string(beginning),
      "created_at": .string(createdAt), "created_by": .string(createdBy), "expires_at": JSON(orNull: expiresAt),
      "last_used_at": JSON(orNull: lastUsedAt), "revoked_at": JSON(orNull: revokedAt), "revoked_by": JSON(orNull: revokedBy),
    ]
  }
}
