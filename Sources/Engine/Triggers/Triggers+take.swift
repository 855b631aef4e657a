import Database
import Workflow

extension Triggers {
  /// A trigger's row while its events are decided, locked until the transaction ends.
  struct Turn {
    var id: Int64
    var name: String
    var settings: TriggerSettings
    /// Seconds since 1970.
    var watermark: Double
    /// By the database's clock.
    var now: Double
    var logMark: Int
    var page: String?
  }

  /// Nil: it is gone, paused, or another host has it in hand.
  func turn(_ id: Int64, in tx: Transaction) throws -> Turn? {
    try tx.query(
      """
      SELECT name, settings, extract(epoch FROM watermark)::float8, log_mark, page, extract(epoch FROM now())::float8 FROM triggers
      WHERE id = \(id) AND paused_at IS NULL FOR UPDATE SKIP LOCKED
      """
    ).first.map { row in
      Turn(
        id: id, name: try row.string(0), settings: try TriggerSettings(JSON(parsing: Array(row.string(1).utf8))),
        watermark: try row.double(2), now: try row.double(5), logMark: try row.int(3), page: try row.stringOrNil(4))
    }
  }

  /// Decides events: each that was not seen before starts its job, or shares one. Answers how many were new.
  ///
  /// The rows of the events and their jobs are there together or not at all.
  @discardableResult
  func take(_ events: [TriggerEvent], _ turn: Turn, in tx: Transaction) throws -> Int {
    guard !events.isEmpty else { return 0 }
    let known = Set(
      try tx.query(
        "SELECT key FROM trigger_events WHERE trigger_id = \(turn.id) AND key = ANY(\(events.map(\.key))::text[])"
      ).map { try $0.string(0) })
    var seen: Set<String> = []
    let new = events.filter { !known.contains($0.key) && seen.insert($0.key).inserted }
    var size = 1
    if case .objects(let source) = turn.settings.source { size = source.batch }
    for start in stride(from: 0, to: new.count, by: size) { try submit(Array(new[start..<min(start + size, new.count)]), turn, in: tx) }
    return new.count
  }

  private func submit(_ events: [TriggerEvent], _ turn: Turn, in tx: Transaction) throws {
    let identity = SecretText.hash(events.map(\.key).joined(separator: "\n"))
    let submission = Submission(
      workflow: turn.settings.workflow, params: Array(turn.settings.params(of: events).serialized().utf8),
      // holds when the event's own row is long forgotten
      dedupKey: "trigger/\(turn.id)/\(Self.hexadecimal(identity))", priority: turn.settings.priority, labels: turn.settings.labels)
    var (outcome, why, job): (String, String?, Int64?) = ("submitted", nil, nil)
    do {
      job = try tx.savepoint { try jobs.submit(submission, by: Self.actor(turn.name), in: $0) }.jobID
    } catch let error as EngineError {
      (outcome, why) = ("failed", error.message)
    }
    try tx.execute(
      """
      INSERT INTO trigger_events (trigger_id, key, subject, happened_at, outcome, why, job_id)
      SELECT \(turn.id), e.key, e.subject, to_timestamp(e.at), \(outcome), \(why), \(job)
      FROM unnest(\(events.map(\.key))::text[], \(events.map(\.subject))::text[], \(events.map(\.happenedAt))::float8[])
        WITH ORDINALITY AS e (key, subject, at, place) ORDER BY e.place
      """)
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
