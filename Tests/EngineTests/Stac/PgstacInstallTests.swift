import Database
import Engine
import TestSupport
import Testing

@Suite struct `Installing pgSTAC` {
  private func failure(_ url: String, sql: String) throws -> PgstacError {
    let database = Database(DatabaseConfiguration(url: url, poolSize: 1))
    defer { database.close() }
    return try #require(
      #expect(throws: PgstacError.self) { try PgstacInstall(version: "0.10.0", sql: sql).ensure(in: database) })
  }

  /// A database, and its URL for a login role that has no more than the database itself.
  private func ordinary() throws -> (TestDatabase, url: String) {
    let own = try TestDatabase.make()
    try own.database.withConnection { connection in
      try connection.executeScript(
        """
        DROP ROLE IF EXISTS no_superuser;
        CREATE ROLE no_superuser LOGIN;
        DO $$ BEGIN EXECUTE format('GRANT ALL ON DATABASE %I TO no_superuser', current_database()); END $$
        """)
    }
    return (own, own.url.split(separator: "//weir@").joined(separator: "//no_superuser@"))
  }

  @Test func `without the rights for it says what a superuser must do, and leaves nothing`() throws {
    let (own, url) = try ordinary()
    let error = try failure(url, sql: "CREATE TABLE left_behind ()")
    #expect(error.code == .notPermitted)
    #expect(
      error.description
        == "pgSTAC: the login role may not make extensions and roles. "
        + "Have a superuser run CREATE EXTENSION postgis, btree_gist, unaccent; make the roles pgstac_admin, pgstac_ingest, pgstac_read; "
        + "and grant them to the login role.")
    let left = try own.database.withConnection { try $0.query("SELECT count(*) FROM pg_extension WHERE extname <> 'plpgsql'").one().int(0) }
    #expect(left == 0)
  }

  @Test func `on a server that lacks an extension's files names the packages, and leaves nothing`() throws {
    let own = try TestDatabase.make()
    let error = try failure(own.url, sql: "CREATE TABLE left_behind (); CREATE EXTENSION postgis_of_another_server")
    #expect(error.code == .missingPackage)
    #expect(
      error.description
        == "pgSTAC: the server lacks PostGIS, btree_gist or unaccent. "
        + "On the server: apt-get install postgresql-15-postgis-3 postgresql-contrib (for its major version).")
    let left = try own.database.withConnection { try $0.query("SELECT to_regclass('left_behind') IS NOT NULL").one().bool(0) }
    #expect(!left)
  }

  @Test func `beside another version says which is there and how to go on`() throws {
    let own = try TestDatabase.make(.stac)
    let error = #expect(throws: PgstacError.self) { try PgstacInstall(version: "0.11.0", sql: "").ensure(in: own.database) }
    #expect(
      error?.description
        == "pgSTAC: the database has version 0.10.0, this weir needs 0.11.0. Upgrade it with pypgstac 0.11.0 "
        + "(`pypgstac migrate --toversion 0.11.0`) after a backup, or use the weir that was made for 0.10.0.")
  }
}
