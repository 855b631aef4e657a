import Database
public import Workflow

/// What one webhook is told of one alert.
public struct AlertDelivery: Sendable {
  public enum State: String, Sendable, CaseIterable {
    case waiting, delivered
    case givenUp = "given_up"
  }

  public enum Event: String, Sendable, CaseIterable {
    case raised, cleared
  }

  public var alert: Alert
  public var id: Int64
  public var webhook: String
  public var event: Event
  public var state: State
  public var tries: Int
  /// Of HTTP, of the last try.
  public var status: Int?
  public var error: String?
  public var createdAt: String
  public var nextAt: String
  public var endedAt: String?
  /// Since it was made.
  public var age: Duration

  static let columns: SQL = """
    \(raw: Alert.columns), d.id, d.webhook, d.event, d.state, d.tries, d.status, d.error, \(raw: Views.time("d.created_at")),
    \(raw: Views.time("d.next_at")), \(raw: Views.time("d.ended_at")), extract(epoch FROM now() - d.created_at)::float8
    """

  init(_ row: Row) throws {
    alert = try Alert(row)
    id = Int64(try row.int(4))
    webhook = try row.string(5)
    event = Event(rawValue: try row.string(6)) ?? .raised
    state = State(rawValue: try row.string(7)) ?? .waiting
    tries = try row.int(8)
    status = try row.intOrNil(9)
    error = try row.stringOrNil(10)
    createdAt = try row.string(11)
    nextAt = try row.string(12)
    endedAt = try row.stringOrNil(13)
    age = .seconds(max(0, try row.double(14)))
  }

  /// The same for every try, so that a receiver knows a repeat: `webhook-id`.
  public var messageID: String { "weir_alert_\(alert.id)_\(event.rawValue)" }

  /// What is sent; byte for byte the same for every try.
  public var body: [UInt8] {
    let json: JSON = [
      "type": .string("alert.\(event.rawValue)"),
      "timestamp": .string((event == .cleared ? alert.clearedAt : nil) ?? alert.raisedAt), "data": alert.json,
    ]
    return Array(json.serialized().utf8)
  }

  public var json: JSON {
    [
      "id": .string("\(id)"), "alert_id": .string("\(alert.id)"), "webhook": .string(webhook), "event": .string(event.rawValue),
      "kind": alert.attention["kind"] ?? .null, "subject": alert.attention["subject"] ?? .null, "state": .string(state.rawValue),
      "tries": JSON(tries), "status": status.map { JSON($0) } ?? .null, "error": JSON(orNull: error), "created_at": .string(createdAt),
      "next_at": JSON(orNull: state == .waiting ? nextAt : nil), "ended_at": JSON(orNull: endedAt),
    ]
  }
}
