import Database
import Workflow

extension Triggers {
  /// A message that asks a trigger to start its workflow, as it came.
  public struct Message: Sendable {
    public var id: String?
    public var timestamp: String?
    public var signatures: String?
    public var body: [UInt8]

    public init(id: String?, timestamp: String?, signatures: String?, body: [UInt8]) {
      self.id = id
      self.timestamp = timestamp
      self.signatures = signatures
      self.body = body
    }
  }

  /// What a message led to.
  public struct Fired: Sendable {
    /// Nil: no job could be submitted; `why` says so.
    public var jobID: Int64?
    public var why: String?
    /// False: a message of this id came before.
    public var isNew: Bool
  }

  /// Starts the workflow of a webhook for a message that was signed by somebody who has its key, lately; each id once.
  ///
  /// Who is not believed learns nothing, not even whether there is such a trigger.
  /// - Parameter key: the part `signing_key` of a credential; nil: there is none, or it cannot be read.
  /// - Throws: `.unsigned`, `.paramsNotJSON`, `.triggerIsPaused`.
  public func fire(_ name: String, _ message: Message, key: (_ credential: String) -> String?) throws -> Fired {
    let found = try database.withConnection { connection in
      try connection.query(
        """
        SELECT extract(epoch FROM now())::bigint, t.id, t.settings
        FROM (VALUES (0)) AS v LEFT JOIN triggers t ON t.name = \(name) AND t.kind = 'webhook'
        """
      ).one()
    }
    let (now, trigger) = (Int64(try found.int(0)), try found.intOrNil(1).map { Int64($0) })
    var signature: WebhookSignature?
    if let text = try found.stringOrNil(2), case .webhook(let credential) = try TriggerSettings(JSON(parsing: Array(text.utf8))).source {
      signature = key(credential).flatMap { WebhookSignature(secret: $0) }
    }
    // as long, and as much said, for a trigger that there is not
    let refusal = (signature ?? Self.nobody)?.refusal(
      id: message.id, timestamp: message.timestamp, signatures: message.signatures, body: message.body, now: now)
    guard refusal == nil, signature != nil, let trigger, let id = message.id else {
      throw EngineError(.unsigned((refusal ?? .wrong).rawValue), subject: name)
    }
    let body = try Self.body(message.body, subject: name)
    return try database.retryingTransaction { tx in
      // waits for another message: a sender may well send twice at once
      try tx.execute("SELECT FROM triggers WHERE id = \(trigger) FOR UPDATE")
      if let known = try fired(id, of: trigger, in: tx) { return known }
      guard let turn = try turn(trigger, in: tx) else { throw EngineError(.triggerIsPaused, subject: name) }
      let event = TriggerEvent(
        key: "message/\(id)", subject: "message \(id)", happenedAt: Double(message.timestamp ?? "") ?? Double(now),
        values: JSONObject([
          ("id", .string(id)), ("time", .string(CivilDate.time(of: Int64(message.timestamp ?? "") ?? now))), ("body", body),
        ]))
      try take([event], turn, in: tx)
      guard var fired = try fired(id, of: trigger, in: tx) else { throw EngineError(.triggerIsPaused, subject: name) }
      fired.isNew = true
      return fired
    }
  }

  /// What no message is signed with.
  private static let nobody = WebhookSignature(secret: SecretText.make(prefix: ""))

  private func fired(_ id: String, of trigger: Int64, in tx: Transaction) throws -> Fired? {
    try tx.query("SELECT job_id, why FROM trigger_events WHERE trigger_id = \(trigger) AND key = \("message/\(id)")").first.map { row in
      Fired(jobID: try row.intOrNil(0).map { Int64($0) }, why: try row.stringOrNil(1), isNew: false)
    }
  }

  /// Nothing at all is an empty object.
  private static func body(_ bytes: [UInt8], subject: String) throws -> JSON {
    guard !bytes.isEmpty else { return .object(JSONObject([])) }
    do throws(JSONSyntaxError) { return try JSON(parsing: bytes, limits: .storable) } catch {
      throw EngineError(.paramsNotJSON(error), subject: subject)
    }
  }
}
