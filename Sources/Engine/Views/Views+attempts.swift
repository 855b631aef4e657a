import Database
public import Workflow

/// A try at a task that has ended, as it is shown.
public struct AttemptView: Sendable {
  /// From 1.
  public var number: Int
  public var outcome: String
  public var message: String?
  public var details: RawJSON?
  public var fingerprint: String?
  public var host: String?
  public var startedAt: String
  public var finishedAt: String
  public var wallMicroseconds: Int?
  public var cpuMicroseconds: Int?
  public var peakRSSKiB: Int?

  public var json: JSON {
    func count(_ value: Int?) -> JSON { value.map { .number(JSONNumber($0)) } ?? .null }
    return [
      "attempt": count(number), "outcome": .string(outcome), "message": JSON(redacting: message),
      "details": details.map { Redaction.byForm.json($0.parsed()) } ?? .null, "fingerprint": JSON(orNull: fingerprint),
      "host": JSON(orNull: host), "started_at": .string(startedAt), "finished_at": .string(finishedAt),
      "wall_us": count(wallMicroseconds), "cpu_us": count(cpuMicroseconds), "peak_rss_kb": count(peakRSSKiB),
    ]
  }
}

extension Views {
  /// The attempts of a task that have ended, the newest first; a task that was tried again by hand keeps those from before.
  /// - Throws: `.noJob`, `.noStage`.
  public func attempts(job: Int64, stage: String, n: Int, limit: Int = 20) throws -> [AttemptView] {
    try database.transaction(access: .readOnly) { tx in
      let key = try self.key(job: job, stage: stage, in: tx)
      return try tx.query(
        """
        SELECT a.attempt, a.outcome, a.message, a.details, a.fingerprint, h.name, \(raw: Views.time("a.claimed_at")),
               \(raw: Views.time("a.finished_at")), a.wall_us, a.cpu_us, a.peak_rss_kb
        FROM attempts a LEFT JOIN hosts h ON h.id = a.host_id
        WHERE a.stage_id = \(key) AND a.n = \(n) ORDER BY a.attempt DESC LIMIT \(limit)
        """
      ).map { row in
        AttemptView(
          number: try row.int(0), outcome: try row.string(1), message: try row.stringOrNil(2),
          details: try row.textOrNil(3).map { RawJSON(unchecked: $0[...]) }, fingerprint: try row.stringOrNil(4),
          host: try row.stringOrNil(5), startedAt: try row.string(6), finishedAt: try row.string(7),
          wallMicroseconds: try row.intOrNil(8), cpuMicroseconds: try row.intOrNil(9), peakRSSKiB: try row.intOrNil(10))
      }
    }
  }
}
