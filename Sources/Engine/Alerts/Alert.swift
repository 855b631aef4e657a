import Database
public import Workflow

/// Something that needed attention, from when to when.
public struct Alert: Sendable {
  public var id: Int64
  /// As `Attention.json`, when it was raised.
  public var attention: JSON
  public var raisedAt: String
  public var clearedAt: String?

  static let columns: SQL = "a.id, a.attention, \(raw: Views.time("a.raised_at")), \(raw: Views.time("a.cleared_at"))"

  init(_ row: Row) throws {
    id = Int64(try row.int(0))
    attention = try JSON(parsing: Array(row.string(1).utf8))
    raisedAt = try row.string(2)
    clearedAt = try row.stringOrNil(3)
  }

  public var json: JSON {
    var object = JSONObject([("id", .string("\(id)"))])
    for (key, value) in attention.objectValue?.members ?? [] { object.append(key, value) }
    object.append("raised_at", .string(raisedAt))
    object.append("cleared_at", JSON(orNull: clearedAt))
    return .object(object)
  }
}
