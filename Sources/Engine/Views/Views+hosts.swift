import Database
public import Workflow

/// A host as it is shown.
public struct HostView: Sendable {
  public var id: Int64
  public var name: String
  public var version: String
  public var pid: Int
  public var slots: Int
  /// `alive`, `stopping` (it takes no more tasks), `late` (its lease has run out), `stopped`, `lost`.
  public var state: String
  public var runningTasks: Int
  /// By name.
  public var handlers: [OfferView]
  public var startedAt: String
  public var leaseUntil: String

  public var json: JSON {
    [
      "id": .string("\(id)"), "name": .string(name), "version": .string(version), "pid": .number(JSONNumber(pid)),
      "slots": .number(JSONNumber(slots)), "state": .string(state), "running_tasks": .number(JSONNumber(runningTasks)),
      "handlers": .array(handlers.map(\.json)), "started_at": .string(startedAt),
      "lease_until": .string(leaseUntil),
    ]
  }
}

/// A handler that a host offers, and the build that it has of it.
public struct OfferView: Sendable, Hashable {
  public var name: String
  /// The handler's own.
  public var version: String
  public var plugin: String
  public var pluginVersion: String
  /// SHA-256 of the library, hexadecimal.
  public var libraryHash: String

  public init(name: String, version: String, plugin: String, pluginVersion: String, libraryHash: String) {
    self.name = name
    self.version = version
    self.plugin = plugin
    self.pluginVersion = pluginVersion
    self.libraryHash = libraryHash
  }

  public var json: JSON {
    [
      "name": .string(name), "version": .string(version), "plugin": .string(plugin), "plugin_version": .string(pluginVersion),
      "library_hash": .string(libraryHash),
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
               CASE WHEN ended_at IS NOT NULL THEN ended_why WHEN lease_until < now() THEN 'late'
                    WHEN stopping_at IS NOT NULL THEN 'stopping' ELSE 'alive' END,
               (SELECT count(*) FROM leases l WHERE l.host_id = h.id),
               \(raw: Views.time("started_at")), \(raw: Views.time("lease_until"))
        FROM hosts h WHERE ended_at IS NULL
          OR id IN (SELECT id FROM hosts WHERE ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT \(ended))
        ORDER BY ended_at IS NOT NULL, id DESC
        """)
      let ids = try rows.map { try $0.int(0) }
      let offers = try offers(of: ids, on: connection)
      return try rows.map { row in
        HostView(
          id: Int64(try row.int(0)), name: try row.string(1), version: try row.string(2), pid: try row.int(3),
          slots: try row.int(4), state: try row.string(5), runningTasks: try row.int(6), handlers: offers[try row.int(0)] ?? [],
          startedAt: try row.string(7), leaseUntil: try row.string(8))
      }
    }
  }

  private func offers(of hosts: [Int], on connection: Connection) throws -> [Int: [OfferView]] {
    let rows = try connection.query(
      """
      SELECT o.host_id, o.handler, coalesce(d.version, ''), coalesce(d.plugin, ''), coalesce(d.plugin_version, ''), o.library_hash
      FROM offers o LEFT JOIN handlers d ON d.name = o.handler AND d.library_hash = o.library_hash
      WHERE o.host_id = ANY(\(hosts)::bigint[]) ORDER BY o.host_id, o.handler
      """)
    var offers: [Int: [OfferView]] = [:]
    for row in rows {
      let offer = OfferView(
        name: try row.string(1), version: try row.string(2), plugin: try row.string(3), pluginVersion: try row.string(4),
        libraryHash: try row.string(5))
      offers[try row.int(0), default: []].append(offer)
    }
    return offers
  }
}
