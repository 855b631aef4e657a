import Database
import Engine
import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Workflow

/// The runbook, walked through.
extension `The system` {
  @Suite struct `A database is kept` {
    private static let naps = """
      {"name": "naps", "parameters": {"type": "object", "properties": {"count": {"type": "integer"}, "ms": {"type": "integer"}}}, "stages": [
        {"id": "list", "handler": "noop.emit", "params": {"count": "${params.count}"}},
        {"id": "nap", "handler": "noop.sleep", "needs": ["list"], "for_each": {"items_of": "list"}, "params": {"ms": "${params.ms}"}}]}
      """

    /// A host with a private PostgreSQL below `folder`.
    private func serve(_ place: Place, folder: String) async throws -> ServedHost {
      var environment = place.environment.merging(["WEIR_LEASE": "3s"]) { $1 }
      environment["WEIR_DATABASE_URL"] = nil
      environment["WEIR_FOLDER"] = "\(place.folder.path)/\(folder)"
      return try await ServedHost(RunningProgram(["serve"], environment: environment))
    }

    @Test func `by a backup taken in the middle of a job, from which another host goes on`() async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.naps])
      let first = try await serve(place, folder: "weir")
      let id = try await first.submit("naps", #"{"count": 120, "ms": 300}"#)
      let url = try #require(try await database(place, folder: "weir"))
      _ = try await first.program.wait("a part of the job") { try Self.completed(url).flatMap { $0 >= 3 ? true : nil } }
      let environment = ["WEIR_FOLDER": "\(place.folder.path)/weir"]
      let copy = "\(place.folder.path)/copy"
      let backup = try RunningProgram(["db", "backup", copy], environment: environment)
      _ = try await backup.wait("the copy's beginning") { access(copy + "/postgres", F_OK) == 0 ? true : nil }
      // so that the job is not over when the copy is
      try await first.kill()
      let output = try await backup.end()
      #expect(output.status == 0 && output.out == "backed up into \(copy)\n", "\(output)")
      let again = try await RunningProgram(["db", "backup", copy], environment: environment).end()
      #expect(again.status == 1 && again.err.contains("\(copy): cannot back up into \(copy): File exists."), "\(again)")

      let second = try await serve(place, folder: "copy")
      let restored = try #require(try await database(place, folder: "copy"))
      let job = try await second.end(of: id)
      #expect(job.state == "completed", "\(job.serialized())")
      #expect(job.stage("nap")["tasks"]?["completed"]?.intValue == 120)
      let attempts = try Self.attempts(restored)
      #expect(attempts.final == 121)
      #expect(attempts.lost > 0, "the copy is of a job that was over")
      let next = try await second.end(of: second.submit("naps", #"{"count": 2, "ms": 1}"#))
      #expect(next.state == "completed" && next["id"] != job["id"], "\(next.serialized())")
      #expect(try await second.stop().status == 0)
      #expect(Processes.mentioning(place.folder.path) == [], "processes are left")
    }

    @Test func `by pg_dump and pg_restore, where the server is the operator's`() async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.naps])
      let first = try await place.serve()
      let id = try await first.submit(
        "ingest_collection", #"{"source_container": "bronze", "target_container": "silver"}"#)
      _ = try await first.end(of: id)
      let naps = try await first.submit("naps", #"{"count": 30, "ms": 200}"#)
      _ = try await first.program.wait("a part of the job") { try Self.completed(place.own.url).flatMap { $0 >= 3 ? true : nil } }
      try await first.kill()
      let file = "\(place.folder.path)/weir.dump"
      let programs = "/usr/lib/postgresql/15/bin"
      let dump = try await RunningProgram(
        ["--format=custom", "--file=\(file)", "--dbname=\(place.own.url)"], program: "\(programs)/pg_dump"
      ).end()
      #expect(dump.status == 0, "\(dump)")
      let other = try TestDatabase.make()
      // as RUNBOOK.md has it
      let lines = RunningProgram.text("\(Place.root)/RUNBOOK.md").split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
      let command = try #require(lines.first { $0.hasPrefix("pg_restore --file=- weir.dump") }) + " "
      let line = command.replacing("weir.dump", with: file).replacing("\"$WEIR_DATABASE_URL2\"", with: "'\(other.url)'")
      let restore = try await RunningProgram(["-c", "set -o pipefail; " + line], program: "/bin/bash").end()
      #expect(restore.status == 0, "\(line): \(restore)")
      let second = try await ServedHost(place.program(["serve"], ["WEIR_DATABASE_URL": other.url, "WEIR_LEASE": "3s"]))
      let job = try await second.end(of: naps)
      #expect(job.state == "completed" && job.stage("nap")["tasks"]?["completed"]?.intValue == 30, "\(job.serialized())")
      #expect(try Self.attempts(other.url, of: naps).final == 31)
      #expect(try await second.stop().status == 0)
    }

    @Test func `by a newer weir, which goes on with what version 0_1_0 left in the middle of a job`() async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.naps])
      let old = try TestDatabase.make()
      try await onOwnThread {
        _ = try Migrator(old.database, migrations: Installation.migrations.filter { $0.number <= 3 }).migrate()
        let left = RunningProgram.text("\(Place.root)/Tests/SystemTests/Keep/left_by_0.1.0.sql")
        try old.database.withConnection { try $0.executeScript(left) }
      }
      let database = ["WEIR_DATABASE_URL": old.url]
      let before = try await place.weir("db", "status", with: database)
      #expect(before.status == 0 && before.out.contains("applied  3 discarded"), "\(before)")
      let migrated = try await place.weir("db", "migrate", with: database)
      #expect(migrated.status == 0, "\(migrated)")
      #expect(try await !place.weir("db", "status", with: database).out.contains("pending"))
      let host = try await ServedHost(place.program(["serve"], database))
      let job = try await host.end(of: "2")
      #expect(job.state == "completed", "\(job.serialized())")
      #expect(job.stage("nap")["tasks"]?["completed"]?.intValue == 20)
      #expect(try await host.get("/api/jobs/1").json.state == "completed")
      let lost = try await Catalogue.number("SELECT count(*) FROM app.attempts WHERE outcome = 'lost' AND stage_id = 4", in: old)
      #expect(lost == 10)
      let completed = try await Catalogue.number("SELECT count(*) FROM app.attempts WHERE outcome = 'completed' AND stage_id = 4", in: old)
      #expect(completed == 20)
      #expect(try await host.stop().status == 0)
    }

    /// As an operator learns it.
    private func database(_ place: Place, folder: String) async throws -> String? {
      let output = try await RunningProgram(["db", "url"], environment: ["WEIR_FOLDER": "\(place.folder.path)/\(folder)"]).end()
      return output.status == 0 ? output.out.split(separator: "\n").first.map(String.init) : nil
    }

    private static func completed(_ url: String) throws -> Int? {
      let database = Database(DatabaseConfiguration(url: url, poolSize: 1))
      defer { database.close() }
      return try database.withConnection { connection in
        try connection.query(
          "SELECT c.completed FROM app.stages s JOIN app.stage_counters c ON c.stage_id = s.id WHERE s.name = 'nap' ORDER BY s.id DESC LIMIT 1"
        ).first?.int(0)
      }
    }

    private static func attempts(_ url: String, of job: String = "1") throws -> (final: Int, lost: Int) {
      let database = Database(DatabaseConfiguration(url: url, poolSize: 1))
      defer { database.close() }
      return try database.withConnection { connection in
        let row = try connection.query(
          """
          SELECT count(*) FILTER (WHERE final)::int AS final, count(*) FILTER (WHERE outcome = 'lost')::int AS lost
          FROM app.attempts a JOIN app.stages s ON s.id = a.stage_id WHERE s.job_id = \(Int(job) ?? 0)
          """
        ).one()
        return (try row.int("final"), try row.int("lost"))
      }
    }
  }
}
