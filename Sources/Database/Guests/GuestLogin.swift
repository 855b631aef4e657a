import Logging

/// What a login may be trusted with: looked at on every new connection, since the server's rights and not our words are
/// what holds a handler back.
struct GuestLogin {
  let configuration: GuestConfiguration

  /// A connection that can do no harm beyond its grants.
  /// - Throws: `.unsafeLogin` with everything that it could do.
  func open() throws(GuestError) -> GuestConnection {
    let connection = try GuestConnection(configuration)
    if let role = configuration.role { _ = try connection.script("SET ROLE \(SQL.quoted(identifier: role))") }
    // a role may have set itself a search_path with functions of its own
    _ = try connection.script("BEGIN; SET LOCAL search_path = pg_catalog")
    let rows = Rows(try connection.script(Self.findings))
    _ = try connection.script("COMMIT")
    var problems: [String] = []
    do throws(DatabaseError) {
      for row in rows { problems.append(try row.string(0)) }
    } catch {
      throw GuestError(.unsafeLogin, configuration.name, "its login cannot be judged: \(error.message)")
    }
    guard problems.isEmpty else {
      configuration.logger.error(
        "A handlers' database is refused: its login may do too much",
        metadata: ["database": "\(configuration.name)", "problems": "\(problems.joined(separator: "; "))"])
      throw GuestError(
        .unsafeLogin, configuration.name,
        "Weir does not let handlers in under this login: \(problems.joined(separator: "; ")). "
          + "The operator must name a role without these rights.")
    }
    return connection
  }

  /// Every role that the login is or can become, whatever a handler does with SET ROLE and RESET ROLE.
  ///
  /// - Source: PostgreSQL 15 manual, sections 22.2 (role attributes), 22.5 (predefined roles), 5.7 (privileges).
  private static let findings = """
    WITH me AS (SELECT oid, rolsuper FROM pg_roles WHERE rolname = session_user),
    reachable AS (
        SELECT r.* FROM pg_roles r, me WHERE r.oid = me.oid OR (NOT me.rolsuper AND pg_has_role(me.oid, r.oid, 'MEMBER'))),
    weir AS (
        SELECT n.oid FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid
        WHERE n.nspname = 'app' AND c.relname = 'schema_migrations')
    SELECT finding FROM (
        SELECT 1, format('role %I is a superuser', rolname) FROM reachable WHERE rolsuper
        UNION ALL SELECT 2, format('role %I may create roles', rolname) FROM reachable WHERE rolcreaterole AND NOT rolsuper
        UNION ALL SELECT 3, format('role %I may create databases', rolname) FROM reachable WHERE rolcreatedb AND NOT rolsuper
        UNION ALL SELECT 4, format('role %I may replicate', rolname) FROM reachable WHERE rolreplication AND NOT rolsuper
        UNION ALL SELECT 5, format('role %I bypasses row security', rolname) FROM reachable WHERE rolbypassrls AND NOT rolsuper
        UNION ALL SELECT 6, format('it is a member of %I', rolname) FROM reachable WHERE rolname LIKE 'pg\\_%'
        UNION ALL SELECT 7, format('role %I may use schema app, where Weir keeps its tables', rolname)
            FROM reachable, weir WHERE NOT rolsuper AND has_schema_privilege(reachable.oid, weir.oid, 'USAGE, CREATE')
        UNION ALL SELECT 8, format('role %I may create objects in schema %I, which Weir searches', rolname, nspname)
            FROM reachable, weir, pg_namespace n
            WHERE nspname IN ('public', 'pgstac') AND NOT rolsuper AND has_schema_privilege(reachable.oid, n.oid, 'CREATE')
    ) AS findings (number, finding) ORDER BY number, finding LIMIT 20
    """
}
