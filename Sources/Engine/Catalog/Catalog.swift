import Database
import Synchronization
public import Workflow

/// The workflows and handlers that the database knows.
public final class Catalog: Sendable {
  let database: Database

  init(database: Database) {
    self.database = database
  }

  /// Keeps a workflow as its newest version, unless the newest already has this text. Answers its version.
  ///
  /// Jobs that run stay on the version they started with.
  @discardableResult
  public func put(_ definition: WorkflowDefinition, text: String) throws -> Int {
    try database.retryingTransaction { tx in
      // one writer at a time numbers the versions of a workflow
      try tx.execute("SELECT pg_advisory_xact_lock(hashtext('weir.workflow'), hashtext(\(definition.name)))")
      let rows = try tx.query(
        """
        SELECT version, definition = \(text) FROM workflows WHERE name = \(definition.name)
        ORDER BY version DESC LIMIT 1
        """)
      if let newest = rows.first, try newest.bool(1) { return try newest.int(0) }
      let version = try rows.first.map { try $0.int(0) + 1 } ?? 1
      try tx.execute(
        """
        INSERT INTO workflows (name, version, definition, sha256)
        VALUES (\(definition.name), \(version), \(text), encode(sha256(convert_to(\(text), 'UTF8')), 'hex'))
        """)
      return version
    }
  }

  /// Keeps what the libraries of a host say of their handlers.
  public func put(_ handlers: [KnownHandler]) throws {
    try database.withConnection { connection in
      try connection.execute(
        """
        INSERT INTO handlers (name, library_hash, plugin, plugin_version, version, description)
        SELECT * FROM unnest(\(handlers.map(\.name))::text[], \(handlers.map(\.libraryHash))::text[],
            \(handlers.map(\.plugin))::text[], \(handlers.map(\.pluginVersion))::text[], \(handlers.map(\.version))::text[],
            \(handlers.map { $0.description.serialized() })::jsonb[])
        ON CONFLICT (name, library_hash) DO UPDATE SET
            plugin = excluded.plugin, plugin_version = excluded.plugin_version, version = excluded.version, description = excluded.description, seen_at = now()
        """)
    }
  }

  /// Keeps what manifests declare of their plugins' metrics, by plugin: the last host to start counts.
  public func put(metrics: [String: [MetricDeclaration]]) throws {
    guard !metrics.isEmpty else { return }
    let all = metrics.sorted { $0.key < $1.key }
    try database.withConnection { connection in
      try connection.execute(
        """
        INSERT INTO plugin_metrics (plugin, declarations)
        SELECT * FROM unnest(\(all.map(\.key))::text[], \(all.map { JSON.array($0.value.map(\.json)).serialized() })::text[])
        ON CONFLICT (plugin) DO UPDATE SET declarations = excluded.declarations, declared_at = now()
        """)
    }
  }

  /// The newest build of each handler, by name.
  public func handlers() throws -> [KnownHandler] {
    try database.withConnection { connection in
      let rows = try connection.query(
        """
        SELECT DISTINCT ON (name) name, library_hash, plugin, plugin_version, version, description
        FROM handlers ORDER BY name, seen_at DESC
        """)
      return try rows.map { row in
        KnownHandler(
          name: try row.string(0), libraryHash: try row.string(1), plugin: try row.string(2),
          pluginVersion: try row.string(3), version: try row.string(4),
          description: RawJSON(unchecked: try row.text(5)[...]).parsed())
      }
    }
  }

  /// The newest version of every workflow, by name.
  public func workflows() throws -> [KnownWorkflow] {
    try database.withConnection { connection in
      let rows = try connection.query(
        "SELECT DISTINCT ON (name) name, version, definition, \(raw: Views.time("created_at")) FROM workflows ORDER BY name, version DESC")
      return try rows.map { row in
        KnownWorkflow(
          name: try row.string(0), version: try row.int(1), definition: try row.string(2), createdAt: try row.string(3))
      }
    }
  }
}

/// A handler as a library describes it.
public struct KnownHandler: Sendable {
  public var name: String
  public var libraryHash: String
  public var plugin: String
  public var pluginVersion: String
  /// The handler's own.
  public var version: String
  /// As in the runner's READY frame.
  public var description: JSON

  public init(
    name: String, libraryHash: String, plugin: String, pluginVersion: String, version: String, description: JSON
  ) {
    self.name = name
    self.libraryHash = libraryHash
    self.plugin = plugin
    self.pluginVersion = pluginVersion
    self.version = version
    self.description = description
  }
}

/// A workflow as the catalog keeps it.
public struct KnownWorkflow: Sendable {
  public var name: String
  public var version: Int
  /// The document's text.
  public var definition: String
  /// RFC 3339 in UTC.
  public var createdAt: String
}
