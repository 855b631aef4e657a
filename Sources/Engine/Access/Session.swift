import Database
public import Workflow

/// A session as it is shown.
public struct Session: Sendable {
  public var id: Int64
  /// The token that it was begun with.
  public var token: String
  public var role: Role
  /// Times are RFC 3339 in UTC.
  public var createdAt: String
  /// When it or its token ends, whichever comes first.
  public var expiresAt: String

  init(_ row: Row) throws {
    id = Int64(try row.int(0))
    token = try row.string(1)
    role = Role(rawValue: try row.string(2)) ?? .viewer
    createdAt = try row.string(3)
    expiresAt = try row.string(4)
  }

  public var json: JSON {
    [
      "id": .string("\(id)"), "token": .string(token), "role": .string(role.rawValue), "created_at": .string(createdAt),
      "expires_at": .string(expiresAt),
    ]
  }
}
