import Database
public import Workflow

/// Builds of libraries that ended too many runners: their tasks wait, until an operator releases them or a host offers another build.
public final class Quarantines: Sendable {
  private let database: Database

  init(database: Database) {
    self.database = database
  }

  /// For statements about a stage `s`: whether the host would run its handler with a build that is quarantined.
  ///
  /// The table is empty on all but bad days, so this costs next to nothing.
  static func hold(host: Int64) -> SQL {
    """
    EXISTS (SELECT FROM quarantines q JOIN offers o ON o.library_hash = q.library_hash
            WHERE o.host_id = \(host) AND o.handler = s.handler)
    """
  }

  /// The builds in quarantine, the newest first.
  public func list() throws -> [QuarantineView] {
    try database.withConnection { connection in
      try connection.query(
        """
        SELECT library_hash, plugin, handler, tasks, message, \(raw: Views.time("since")),
               (SELECT plugin_version FROM handlers h WHERE h.library_hash = q.library_hash LIMIT 1)
        FROM quarantines q ORDER BY since DESC, library_hash
        """
      ).map { row in
        QuarantineView(
          libraryHash: try row.string(0), plugin: try row.string(1), version: try row.stringOrNil(6), handler: try row.string(2),
          tasks: try row.int(3), message: try row.stringOrNil(4), since: try row.string(5))
      }
    }
  }

  /// Lets hosts use a build again; what it did before counts no more. A beginning of its hash suffices where it is the only one.
  /// - Throws: `.notQuarantined`.
  public func release(_ hash: String, by actor: Actor) throws -> String {
    try database.retryingTransaction { tx in
      let rows = try tx.query(
        "SELECT library_hash FROM quarantines WHERE left(library_hash, length(\(hash))) = \(hash) ORDER BY 1 LIMIT 2 FOR UPDATE")
      guard rows.count == 1, let whole = try rows.first?.string(0) else {
        let known = try tx.query("SELECT library_hash FROM quarantines ORDER BY 1").map { try $0.string(0) }
        throw EngineError(.notQuarantined(known: known), subject: hash)
      }
      try tx.execute(
        """
        WITH forgotten AS (DELETE FROM runner_kills WHERE library_hash = \(whole))
        DELETE FROM quarantines WHERE library_hash = \(whole)
        """)
      try Audit.record(actor, "build.release", subject: "build/\(whole)", in: tx)
      return whole
    }
  }
}

/// A build in quarantine as it is shown.
public struct QuarantineView: Sendable {
  public var libraryHash: String
  public var plugin: String
  public var version: String?
  /// Whose task ended a runner last.
  public var handler: String
  /// Different ones that ended runners within an hour.
  public var tasks: Int
  public var message: String?
  public var since: String

  public var json: JSON {
    [
      "library_hash": .string(libraryHash), "plugin": .string(plugin), "version": JSON(orNull: version), "handler": .string(handler),
      "tasks": .number(JSONNumber(tasks)), "message": JSON(orNull: message), "since": .string(since),
    ]
  }
}
