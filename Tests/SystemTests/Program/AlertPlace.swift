import Database
import TestSupport

/// What hosts are told of a webhook, and what gives them something to tell it.
enum AlertPlace {
  static let key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

  /// A webhook `ops` at a server of the test's own, of one kind of alert.
  static func environment(of server: ScriptedServer) -> [String: String] {
    [
      "WEIR_WEBHOOKS": #"{"ops": {"url": "\#(server.url)/hook", "credential": "ops", "kinds": ["build_quarantined"]}}"#,
      "WEIR_CREDENTIALS": #"{"ops": {"signing_key": {"env": "OPS_KEY"}}}"#, "OPS_KEY": key, "WEIR_PRIVATE_ADDRESSES": "127.0.0.0/8",
    ]
  }

  /// So many builds that a host finds in quarantine: an alert each, at once.
  static func quarantine(_ count: Int, in place: Place) async throws {
    try await change(
      place,
      """
      INSERT INTO app.quarantines (library_hash, plugin, handler, tasks)
      SELECT 'build' || n, 'old', 'old.run', 20 FROM generate_series(1, \(count)) AS n
      """)
  }

  static func change(_ place: Place, _ statement: SQL) async throws {
    try await onOwnThread { [own = place.own] in _ = try own.database.withConnection { try $0.execute(statement) } }
  }
}
