import Database
public import Workflow

extension DatabaseFacts {
  /// What a checkup says about it: one finding for each thing looked at.
  public var findings: [Finding] {
    [server, text, clock, vacuum, registry, schema, rights, sessions, room] + tableVacuum
  }

  private var versionText: String { "\(serverVersion / 10_000).\(serverVersion % 10_000)" }

  private var server: Finding {
    guard serverVersion < 150_000 else { return Finding(.fine, "database.server", "PostgreSQL \(versionText)") }
    return Finding(
      .error, "database.server", "PostgreSQL \(versionText) is too old, Weir needs 15 or newer.",
      hint: "Upgrade the server with pg_upgrade, or name another by database_url.")
  }

  private var text: Finding {
    guard encoding != "UTF8" else { return Finding(.fine, "database.encoding", "UTF8") }
    return Finding(
      .error, "database.encoding", "the database's encoding is \(encoding): names and documents in other scripts would be refused.",
      hint: "Make another database: CREATE DATABASE weir ENCODING 'UTF8' TEMPLATE template0. Then restore a backup into it.")
  }

  private var clock: Finding {
    let seconds = abs(clockAhead / .seconds(1))
    let amount = seconds < 10 ? "\((seconds * 10).rounded() / 10)" : "\(Int(seconds))"
    let direction = clockAhead > .zero ? "behind" : "ahead of"
    let message = "this machine's clock is \(amount) s \(direction) the database's"
    let hint = "Let both machines keep time by NTP: timedatectl set-ntp true, or the package systemd-timesyncd."
    if seconds < 2 { return Finding(.fine, "database.clock", "within \(amount) s of this machine's") }
    // object stores refuse signatures that are 5 minutes (Azure) or 15 (S3) off
    guard seconds >= 300 else {
      return Finding(.warning, "database.clock", message + ": logs of hosts will not fit together.", hint: hint)
    }
    let consequence = ": one of the two is wrong, and object stores refuse requests of such a host."
    return Finding(.error, "database.clock", message + consequence, hint: hint)
  }

  private var vacuum: Finding {
    guard !isAutovacuumOn else { return Finding(.fine, "database.autovacuum", "on") }
    return Finding(
      .error, "database.autovacuum", "autovacuum is off: the queue's tables grow without end, and claims become slow.",
      hint: "ALTER SYSTEM SET autovacuum = on; SELECT pg_reload_conf();")
  }

  private var tableVacuum: [Finding] {
    tablesWithoutAutovacuum.map { name in
      Finding(
        .warning, "database.autovacuum.\(name)", "autovacuum is off for the table \(name).",
        hint: "ALTER TABLE \(name) RESET (autovacuum_enabled);")
    }
  }

  private var registry: Finding {
    if let pgstac {
      guard pgstac != Installation.pgstacVersion else {
        return Finding(.fine, "database.pgstac", "pgSTAC \(pgstac), PostGIS \(postgis ?? "?")")
      }
      return Finding(
        .error, "database.pgstac", "the database has pgSTAC \(pgstac), this weir writes to \(Installation.pgstacVersion) only.",
        hint: "Migrate it with pypgstac \(Installation.pgstacVersion): pypgstac migrate --toversion \(Installation.pgstacVersion)")
    }
    if postgis == nil, !isPostgisAvailable {
      return Finding(
        .error, "database.pgstac", "the server has no PostGIS, so pgSTAC cannot be installed.",
        hint: "On the server's machine, if it is Debian: apt-get install postgresql-\(serverVersion / 10_000)-postgis-3")
    }
    return Finding(
      isInstalled ? .error : .note, "database.pgstac", "the database has no pgSTAC\(postgis == nil ? " and no PostGIS" : "") yet.",
      hint: "weir db migrate installs both; so does weir serve at its start.")
  }

  private var schema: Finding {
    if let conflict { return Finding(.error, "database.schema", conflict.message, hint: conflict.hint) }
    guard !pending.isEmpty else { return Finding(.fine, "database.schema", "as this weir wants it") }
    guard isInstalled else {
      return Finding(.note, "database.schema", "Weir's tables are not installed yet.", hint: "weir db migrate, or weir serve at its start.")
    }
    return Finding(
      .warning, "database.schema", "the database is older than this weir: \(pending.joined(separator: ", ")) did not run.",
      hint: "weir db migrate. Back up first; RUNBOOK.md has the order of an upgrade.")
  }

  private var rights: Finding {
    if !missingRights.isEmpty {
      let shown = missingRights.prefix(3).joined(separator: ", ")
      let rest = missingRights.count > 3 ? " and \(missingRights.count - 3) more" : ""
      return Finding(
        .error, "database.rights", "the role \"\(role)\" lacks \(shown)\(rest).",
        hint: "Let it own Weir's tables, or GRANT it what is missing and GRANT pgstac_admin TO \"\(role)\".")
    }
    guard !mayCreate, !pending.isEmpty else { return Finding(.fine, "database.rights", "the role \"\(role)\" has those that it needs") }
    return Finding(
      .error, "database.rights", "the role \"\(role)\" may not create in this database, and \(pending.count) migrations are to run.",
      hint: "Run weir db migrate as a role that may, or GRANT CREATE ON DATABASE to this one.")
  }

  private var sessions: Finding {
    let engine = Self.schemas(searchPath), registry = Self.schemas(registrySearchPath)
    guard engine.first != "app" || registry.first != "pgstac" else { return Finding(.fine, "database.sessions", "search_path is in force") }
    let found = engine.first != "app" ? searchPath : registrySearchPath
    let wanted = engine.first != "app" ? "app, public" : "pgstac, public"
    return Finding(
      .error, "database.sessions", "sessions begin with search_path \(found), not \(wanted): a pooler in between drops settings.",
      hint: "Name the server itself in database_url; RUNBOOK.md says how to go through PgBouncer.")
  }

  private var room: Finding {
    let free = connectionLimit - connections
    guard free < 10 else { return Finding(.fine, "database.connections", "\(connections) of \(connectionLimit) in use") }
    return Finding(
      .warning, "database.connections", "\(connections) of the server's \(connectionLimit) connections are in use.",
      hint: "Raise max_connections, lower database_connections, or put PgBouncer between.")
  }

  private static func schemas(_ path: String) -> [String] {
    path.split(separator: ",").map { $0.filter { $0 != " " && $0 != "\"" } }
  }
}
