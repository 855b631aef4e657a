import Database
public import Workflow

/// A change as it is shown.
public struct AuditEntry: Sendable {
  public var id: Int64
  /// RFC 3339 in UTC.
  public var at: String
  public var actor: Actor
  public var action: String
  public var subject: String
  public var details: RawJSON?

  init(_ row: Row) throws {
    id = Int64(try row.int(0))
    at = try row.string(1)
    actor = Actor(
      name: try row.string(2), role: Role(rawValue: try row.string(3)) ?? .viewer, via: Actor.Via(rawValue: try row.string(4)) ?? .system)
    action = try row.string(5)
    subject = try row.string(6)
    details = try row.textOrNil(7).map { RawJSON(unchecked: $0[...]) }
  }

  public var json: JSON {
    [
      "id": .string("\(id)"), "at": .string(at), "actor": .string(actor.name), "role": .string(actor.role.rawValue),
      "via": .string(actor.via.rawValue), "action": .string(action), "subject": .string(subject), "details": details?.parsed() ?? .null,
    ]
  }
}
