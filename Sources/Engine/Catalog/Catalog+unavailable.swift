import Database
public import Workflow

extension Catalog {
  /// A plugin that a host which is alive was to offer and cannot.
  public struct Unavailable: Sendable {
    public var plugin: UnavailablePlugin
    /// The host's name.
    public var host: String
  }

  /// Plugins that hosts cannot load and no other host offers, by plugin.
  public func unavailable() throws -> [Unavailable] {
    try database.transaction(access: .readOnly) { try Self.unavailable(in: $0) }
  }

  static func unavailable(in tx: Transaction) throws -> [Unavailable] {
    let rows = try tx.query(
      """
      SELECT DISTINCT ON (u.plugin ->> 'id') h.name, u.plugin FROM hosts h CROSS JOIN LATERAL json_array_elements(h.unavailable) AS u (plugin)
      WHERE h.ended_at IS NULL AND h.lease_until > now() AND NOT EXISTS (
          SELECT FROM offers o JOIN hosts other ON other.id = o.host_id
          WHERE other.ended_at IS NULL AND other.lease_until > now()
            AND o.handler IN (SELECT json_array_elements_text(u.plugin -> 'handlers')))
      ORDER BY u.plugin ->> 'id', h.name
      """)
    return try rows.compactMap { row in
      let host = try row.string(0)
      return UnavailablePlugin(try JSON(parsing: try row.text(1))).map { Unavailable(plugin: $0, host: host) }
    }
  }
}
