public import Database
import FoundationEssentials

/// How a database stands, as a checkup reads it; changes nothing.
public struct DatabaseFacts: Sendable {
  /// As 150018.
  public var serverVersion = 0
  public var encoding = ""
  /// By how much the database's clock is ahead of this machine's.
  public var clockAhead: Duration = .zero
  public var isAutovacuumOn = true
  /// Tables of Weir's for which it was turned off.
  public var tablesWithoutAutovacuum: [String] = []
  /// Nil: it is not in this database.
  public var postgis: String?
  public var isPostgisAvailable = false
  /// Nil: it is not in this database.
  public var pgstac: String?
  /// The schemas that the engine's sessions look into.
  public var searchPath = ""
  /// The same, for the sessions of the registry.
  public var registrySearchPath = ""
  public var role = ""
  /// What the role may not do with Weir's tables: `INSERT on app.jobs`.
  public var missingRights: [String] = []
  public var mayCreate = true
  public var connections = 0
  public var connectionLimit = 100
  /// Migrations that this program has and the database has not.
  public var pending: [String] = []
  /// Why the schema and this program do not fit.
  public var conflict: DatabaseError?
  /// Whether the database holds any of Weir's tables.
  public var isInstalled = true

  public init() {}

  /// Asks the database.
  /// - Parameters:
  ///   - database: with `Engine.settings`.
  ///   - registry: the same server with `Stac.settings`.
  public init(_ database: Database, registry: Database) throws {
    try database.withConnection { connection in
      try connection.transaction(access: .readOnly) { tx in try read(tx) }
    }
    // in a transaction: behind a pooler settings last no longer
    try registry.transaction(access: .readOnly) { tx in
      registrySearchPath = try tx.query("SELECT current_setting('search_path') AS path").one().string("path")
    }
    let status = try Installation(database).migrator.status()
    pending = status.pending.map(\.title)
    conflict = status.conflict
    isInstalled = !status.applied.isEmpty
  }

  private mutating func read(_ tx: Transaction) throws {
    let before = Date()
    let clock = try tx.query("SELECT clock_timestamp() AS now").one().date("now")
    let after = Date()
    // the answer was made somewhere between question and receipt
    let halfway = before.addingTimeInterval(after.timeIntervalSince(before) / 2)
    clockAhead = .seconds(clock.timeIntervalSince(halfway))
    let row = try tx.query(
      """
      SELECT current_setting('server_version_num')::int AS version, current_user::text AS role,
        pg_encoding_to_char(d.encoding)::text AS encoding, current_setting('autovacuum')::boolean AS autovacuum,
        current_setting('search_path') AS path, has_database_privilege(d.oid, 'CREATE') AS may_create,
        current_setting('max_connections')::int AS most,
        (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
        (SELECT extversion FROM pg_extension WHERE extname = 'postgis') AS postgis,
        EXISTS (SELECT FROM pg_available_extensions WHERE name = 'postgis') AS available
      FROM pg_database d WHERE d.datname = current_database()
      """
    ).one()
    serverVersion = try row.int("version")
    role = try row.string("role")
    encoding = try row.string("encoding")
    isAutovacuumOn = try row.bool("autovacuum")
    searchPath = try row.string("path")
    mayCreate = try row.bool("may_create")
    connectionLimit = try row.int("most")
    connections = try row.int("connections")
    postgis = try row.stringOrNil("postgis")
    isPostgisAvailable = try row.bool("available")
    try readTables(tx)
    pgstac = missingRights.contains("USAGE on schema pgstac") ? nil : try PgstacInstall.installed(in: tx)
  }

  private mutating func readTables(_ tx: Transaction) throws {
    tablesWithoutAutovacuum = try tx.query(
      """
      SELECT 'app.' || relname AS name FROM pg_class
      WHERE relnamespace = to_regnamespace('app') AND 'autovacuum_enabled=false' = ANY(reloptions) ORDER BY 1
      """
    ).map { try $0.string("name") }
    missingRights = try tx.query(
      """
      WITH schemas AS (
        SELECT nspname, oid, has_schema_privilege(oid, 'USAGE') AS usable FROM pg_namespace WHERE nspname IN ('app', 'pgstac')),
      wanted AS (
        SELECT c.oid, s.nspname || '.' || c.relname AS name, p.privilege
        FROM schemas s JOIN pg_class c ON c.relnamespace = s.oid AND c.relkind IN ('r', 'p') AND s.nspname = 'app'
        CROSS JOIN (VALUES ('SELECT'), ('INSERT')) p (privilege)
        WHERE s.usable
        UNION ALL
        SELECT c.oid, 'pgstac.' || c.relname, p.privilege FROM schemas s JOIN pg_class c ON c.relnamespace = s.oid
        CROSS JOIN (VALUES ('SELECT'), ('INSERT')) p (privilege)
        WHERE s.usable AND s.nspname = 'pgstac' AND c.relname IN ('items', 'collections'))
      SELECT privilege || ' on ' || name AS missing FROM wanted WHERE NOT has_table_privilege(oid, privilege)
      UNION ALL
      SELECT 'USAGE on schema ' || nspname FROM schemas WHERE NOT usable
      ORDER BY 1
      """
    ).map { try $0.string("missing") }
  }
}
