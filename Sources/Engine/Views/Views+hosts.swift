import Database
public import Workflow

/// A host as it is shown.
public struct HostView: Sendable {
  public var id: Int64
  public var name: String
  public var version: String
  public var pid: Int
  public var slots: Int
  /// `alive`, `late` (its lease has run out), `stopped`, `lost`.
  public var state: String
  public var runningTasks: Int
  public var handlers: [String]
  public var startedAt: String
  public var leaseUntil: String

  public var json: JSON {
    [
      "id": .string("\(id)"), "name": .string(name), "version": .string(version), "pid": .number(JSONNumber(pid)),
      "slots": .number(JSONNumber(slots)), "state": .string(state), "running_tasks": .number(JSONNumber(runningTasks)),
      "handlers": .array(handlers.map(JSON.string)), "started_at": .string(startedAt),
      "lease_until": .string(leaseUntil),
    ]
  }
}

extension Views {
  /// The hosts that are alive, and the last few that ended.
  public func hosts(ended: Int = 10) throws -> [HostView] {
    try database.withConnection { connection in
      let rows = try connection.query(
        """
        SELECT id, name, version, pid, slots,
               CASE WHEN ended_at IS NOT NULL THEN ended_why WHEN lease_until < now() THEN 'late' ELSE 'alive' END,
               (SELECT count(*) FROM leases l WHERE l.host_id = h.id),
               ARRAY(SELECT handler FROM offers o WHERE o.host_id = h.id ORDER BY handler),
               \(raw: Views.time("started_at")), \(raw: Views.time("lease_until"))
        FROM hosts h WHERE ended_at IS NULL
          OR id IN (SELECT id FROM hosts WHERE ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT \(ended))
        ORDER BY ended_at IS NOT NULL, id DESC
        """)
      return try rows.map { row in
        HostView(
          id: Int64(try row.int(0)), name: try row.string(1), version: try row.string(2), pid: try row.int(3),
          slots: try row.int(4), state: try row.string(5), runningTasks: try row.int(6), handlers: try row.strings(7),
          startedAt: try row.string(8), leaseUntil: try row.string(9))
      }
    }
  }
}
