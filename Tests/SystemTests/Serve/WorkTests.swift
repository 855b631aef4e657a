import Database
import Engine
import Glibc
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `weir work` {
    private static let naps = """
      {"name": "naps", "parameters": {"type": "object", "properties": {"count": {"type": "integer"}, "ms": {"type": "integer"}}}, "stages": [
        {"id": "list", "handler": "noop.emit", "params": {"count": "${params.count}"}},
        {"id": "nap", "handler": "noop.sleep", "needs": ["list"], "for_each": {"items_of": "list"}, "params": {"ms": "${params.ms}"}}]}
      """

    private func work(_ place: Place, _ arguments: String...) async throws -> RunningProgram {
      let program = try place.program(["work"] + arguments)
      return try await program.wait("word that it works") { program.out.hasPrefix("Working as host ") ? program : nil }
    }

    @Test func `works without HTTP, and gives back at once what it has when it is told to stop`() async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.naps])
      let host = try await work(place)
      _ = try await place.submit("naps", #"{"count": 4, "ms": 600000}"#)
      _ = try await host.wait("tasks that run") { Processes.children(of: host.pid).count == 2 ? true : nil }
      #expect(!host.out.contains("Serving"))
      host.signal(SIGTERM)
      let output = try await host.end(within: .seconds(30))
      #expect(output.status == 0, "\(output)")
      #expect(try await Catalogue.number("SELECT count(*) FROM app.leases", in: place.own) == 0)
      #expect(try await Catalogue.number("SELECT coalesce(max(failures), 0) FROM app.ready", in: place.own) == 0)
      #expect(try await Catalogue.number("SELECT count(*) FROM app.hosts WHERE ended_why = 'stopped'", in: place.own) == 1)
    }

    @Test func `--until-idle ends with 0 when all is done, 3 when only what is for later is left`() async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.naps])
      let first = try await place.weir("work", "--until-idle")
      #expect(first.status == 0 && first.out.hasSuffix("\nNothing is left to do\n"), "\(first)")
      for _ in 0..<3 { _ = try await place.submit("naps", #"{"count": 40, "ms": 5}"#) }
      async let one = place.weir("work", "--until-idle")
      async let other = place.weir("work", "--until-idle")
      let outputs = try await [one, other]
      #expect(outputs.allSatisfy { $0.status == 0 && $0.out.hasSuffix("\nNothing is left to do\n") }, "\(outputs)")
      #expect(try await Catalogue.number("SELECT count(*) FROM app.jobs WHERE state = 'completed'", in: place.own) == 3)
      _ = try await place.submit("naps", #"{"count": 1, "ms": 1}"#, notBefore: 4e9)
      let later = try await place.weir("work", "--until-idle")
      #expect(later.status == 3, "\(later)")
      #expect(
        later.out.hasSuffix(
          "\nNothing is left that can be done now: 1 job is paused, for later, or waiting for a handler that no host offers\n"))
    }

    @Test func `--until-idle ends with 75 when it is told to stop before`() async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.naps])
      _ = try await place.weir("work", "--until-idle")
      _ = try await place.submit("naps", #"{"count": 2, "ms": 600000}"#)
      let host = try await work(place, "--until-idle")
      _ = try await host.wait("tasks that run") { Processes.children(of: host.pid).count == 2 ? true : nil }
      host.signal(SIGTERM)
      let output = try await host.end(within: .seconds(30))
      #expect(output.status == 75, "\(output)")
    }

    @Test(arguments: [true, false]) func `works behind PgBouncer in transaction mode`(listens: Bool) async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.naps])
      let pooler = try TestPooler(in: place.folder.path, server: place.own.url)
      defer { pooler.stop() }
      let name = place.own.url.split(separator: "/").last?.split(separator: "?").first.map(String.init) ?? ""
      var environment = ["WEIR_DATABASE_URL": pooler.url(database: name), "WEIR_DATABASE_POOLING": "transaction"]
      if listens { environment["WEIR_DATABASE_LISTEN_URL"] = place.own.url }
      let first = try await place.weir("work", "--until-idle", with: environment)
      #expect(first.status == 0, "\(first)")
      _ = try await place.submit("naps", #"{"count": 200, "ms": 1}"#)
      async let one = place.weir("work", "--until-idle", with: environment)
      async let other = place.weir("work", "--until-idle", with: environment)
      let outputs = try await [one, other]
      #expect(outputs.allSatisfy { $0.status == 0 }, "\(outputs)")
      #expect(try await Catalogue.number("SELECT count(*) FROM app.jobs WHERE state = 'completed'", in: place.own) == 1)
      #expect(try await Catalogue.number("SELECT count(*) FROM app.attempts WHERE final", in: place.own) == 201)
      let refused = try await place.weir("work", "--until-idle", with: ["WEIR_DATABASE_URL": pooler.url(database: name)])
      #expect(
        refused.status == 1 && refused.err.contains("A pooler refuses startup options: set database_pooling to \"transaction\""),
        "\(refused)")
    }

    @Test func `an older weir refuses a database that a newer one has brought further, and leaves it as it is`() async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.naps])
      let newest = Installation.migrations.map(\.number).max() ?? 0
      let before = try await onOwnThread {
        let later = Migration(number: newest + 1, name: "later", sql: "ALTER TABLE jobs ADD COLUMN later text")
        _ = try Migrator(place.own.database, migrations: Installation.migrations + [later]).migrate()
        return try SchemaDump.text(of: ["app", "pgstac"], url: place.own.url)
      }
      for command in [["work"], ["serve"], ["db", "migrate"]] {
        let output = try await place.weir(command)
        #expect(output.status == 1 && output.out == "", "\(output)")
        #expect(
          output.err.hasSuffix(
            """
            the database is newer than this weir: it has migration \(newest + 1) (later), this weir knows up to \(newest).
              Update weir on this host to the version that the other hosts run.

            """), "\(output)")
      }
      #expect(try await onOwnThread { try SchemaDump.text(of: ["app", "pgstac"], url: place.own.url) } == before)
      #expect(
        try await Catalogue.number(
          "SELECT (SELECT count(*) FROM app.hosts) + (SELECT count(*) FROM app.workflows) + (SELECT count(*) FROM app.handlers)",
          in: place.own) == 0)
    }
  }
}
