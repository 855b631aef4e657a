import Glibc
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `weir doctor` {
    private func findings(_ output: Output) throws -> [String: JSON] {
      let all = try JSON(parsing: output.out)["findings"]?.arrayValue ?? []
      return Dictionary(all.map { ($0["subject"]?.stringValue ?? "", $0) }) { first, _ in first }
    }

    @Test func `looks at everything, and ends with 0 when all is well`() async throws {
      let place = try Place(plugins: [.noop])
      mkdir(place.containers + "/silvermapspam", 0o755)
      let more = ["WEIR_CONTAINERS": "{\"silvermapspam\": \"file://\(place.containers)/silvermapspam\"}"]
      let output = try await place.weir("doctor", "--json", with: more)
      let found = try findings(output)
      for subject in [
        "database.server", "database.encoding", "database.clock", "database.autovacuum", "database.pgstac", "database.schema",
        "database.rights", "database.sessions", "database.connections", "runners.sandbox", "runners.user", "runners.program",
        "plugins.ingest", "plugins.org.weir.noop", "containers.silvermapspam", "limits.files", "limits.processes", "room.folder",
        "room.scratch", "listen", "service",
      ] {
        #expect(found[subject] != nil, "nothing about \(subject) in \(output)")
      }
      let bad = found.filter { ["warning", "error"].contains($0.value["severity"]?.stringValue ?? "") && !$0.key.hasPrefix("room.") }
      #expect(bad.isEmpty, "\(output)")
      #expect(found["containers.silvermapspam"]?["message"] == "can be read and written")
      let left = try await place.weir("doctor", "-v", with: more)
      #expect(left.out.contains("ok      database.server") && left.out.contains("things looked at: "), "\(left)")
    }

    @Test func `finds what was done to an installation, all at once`() async throws {
      let place = try Place(plugins: [.noop])
      place.write(
        "manifests/plugins/gone.json",
        #"{"id": "org.weir.gone", "version": "1.0.0", "abi": 1, "library": "Gone", "handlers": {"gone.run": {}}}"#)
      let port = try #require(Listening.port())
      let output = try await place.weir(
        "doctor", "--json",
        with: [
          "WEIR_DATABASE_URL": "postgresql://weir:letmein@127.0.0.1:1/weir", "WEIR_LISTEN": "127.0.0.1:\(port.number)",
          "WEIR_CONTAINERS": #"{"lost": "file:///nowhere/lost"}"#, "WEIR_RUNNER_USER": "nobody",
        ])
      #expect(output.status == 2, "\(output)")
      let found = try findings(output)
      func message(_ subject: String) -> String { found[subject]?["message"]?.stringValue ?? "" }
      #expect(message("database").contains("PostgreSQL cannot be reached"), "\(output)")
      #expect(message("manifests").contains("plugins/gone.json: library: there is no libGone.so in"), "\(output)")
      #expect(message("listen") == "another program listens on 127.0.0.1:\(port.number), and it is no weir.", "\(output)")
      #expect(message("containers.lost") == "lost: there is no such container.", "\(output)")
      #expect(!output.out.contains("letmein"))
      for subject in ["database", "manifests", "listen", "containers.lost"] {
        #expect(found[subject]?["severity"] == "error" && found[subject]?["hint"]?.stringValue != nil, "\(subject): \(output)")
      }
    }

    @Test func `finds a missing runner, few open files, and no plugin`() async throws {
      let place = try Place()
      let noRunner = try await place.weir("doctor", with: ["WEIR_RUNNER": "/nowhere/weir-runner"])
      #expect(noRunner.status == 2)
      #expect(noRunner.out.contains("error   runners.program"), "\(noRunner)")
      #expect(noRunner.out.contains("/nowhere/weir-runner: there is no such program"), "\(noRunner)")
      let line = "ulimit -n 100; exec \(RunningProgram.folder)/weir doctor"
      var environment = place.environment
      environment["WEIR_MANIFESTS"] = place.folder.path
      let few = try await RunningProgram(["-c", line], environment: environment, program: "/bin/sh").end()
      #expect(few.status == 2 && few.out.contains("this process may open 100 files, and 2 runners"), "\(few)")
      #expect(few.out.contains("warning plugins") && few.out.contains("there is no plugin in \(place.folder.path)/plugins"), "\(few)")
    }

    @Test func `says of a host that serves that it does, and of a wrong configuration where it is wrong`() async throws {
      let place = try Place()
      let host = try await place.serve()
      let output = try await place.weir("doctor", "-v", with: ["WEIR_LISTEN": "127.0.0.1:\(host.port)"])
      #expect(output.out.contains("a host serves at 127.0.0.1:\(host.port)"), "\(output)")
      let wrong = try await place.weir("doctor", "--json", with: ["WEIR_RUNNERS": "many"])
      #expect(wrong.status == 2, "\(wrong)")
      #expect(wrong.out.contains(#""subject":"configuration","message":"environment: WEIR_RUNNERS: expected"#), "\(wrong)")
    }

    @Test func `makes no database where none is`() async throws {
      let place = try Place()
      var environment = place.environment
      environment["WEIR_DATABASE_URL"] = nil
      let output = try await RunningProgram(["doctor", "-v"], environment: environment).end()
      #expect(output.out.contains("the private PostgreSQL is not made yet"), "\(output)")
      #expect(output.out.contains("database.programs"), "\(output)")
      #expect(access(place.folder.path + "/weir", F_OK) != 0, "it made a folder")
    }
  }
}
