import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `weir serve under supervision` {
    private static let naps = """
      {"name": "naps", "parameters": {"type": "object", "properties": {"count": {"type": "integer"}, "ms": {"type": "integer"}}}, "stages": [
        {"id": "list", "handler": "noop.emit", "params": {"count": "${params.count}"}},
        {"id": "nap", "handler": "noop.sleep", "needs": ["list"], "for_each": {"items_of": "list"}, "params": {"ms": "${params.ms}"}}]}
      """

    @Test(arguments: ["path", "abstract"])
    func `tells systemd when it is ready and when it stops`(kind: String) async throws {
      let place = try Place()
      let socket = try #require(NoticeSocket(kind == "path" ? "\(place.folder.path)/notify" : "@weir-test-\(getpid())"))
      let program = try place.program(["serve"], ["NOTIFY_SOCKET": socket.name])
      let ready = try await program.wait("word that it is ready") { socket.next() }
      let host = try await ServedHost(program)
      #expect(ready == "READY=1\nSTATUS=Serving at \(host.url)\n")
      #expect(try await host.stop().status == 0)
      #expect(socket.next() == "STOPPING=1\nSTATUS=Giving tasks back\n")
      #expect(socket.next() == nil)
    }

    @Test func `without HTTP tells systemd the same`() async throws {
      let place = try Place()
      let socket = try #require(NoticeSocket("\(place.folder.path)/notify"))
      let program = try place.program(["work"], ["NOTIFY_SOCKET": socket.name])
      #expect(try await program.wait("word that it is ready") { socket.next() } == "READY=1\nSTATUS=Working as host 1\n")
      program.signal(SIGTERM)
      #expect(try await program.end().status == 0)
      #expect(socket.next() == "STOPPING=1\nSTATUS=Giving tasks back\n")
    }

    @Test func `starts its private PostgreSQL anew when that is killed, and loses no task`() async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.naps])
      var environment = place.environment
      environment["WEIR_DATABASE_URL"] = nil
      let host = try await ServedHost(RunningProgram(["serve"], environment: environment))
      let id = try await host.submit("naps", #"{"count": 40, "ms": 100}"#)
      for _ in 0..<2 {
        let server = try #require(Self.postmaster(place))
        kill(server, SIGKILL)
        _ = try await host.program.wait("another PostgreSQL") { Self.postmaster(place).flatMap { $0 == server ? nil : $0 } }
        _ = try await host.program.wait("an answer") { host.program.err.contains("PostgreSQL had died and runs again") ? true : nil }
      }
      let job = try await host.end(of: id)
      #expect(job.state == "completed", "\(job.serialized())")
      #expect(job.stage("nap")["tasks"]?["completed"]?.intValue == 40)
      #expect(try await host.stop().status == 0)
      #expect(Processes.mentioning(place.folder.path) == [], "processes are left")
    }

    @Test func `ends with a clear error when its PostgreSQL cannot come back`() async throws {
      let place = try Place()
      var environment = place.environment
      environment["WEIR_DATABASE_URL"] = nil
      let host = try await ServedHost(RunningProgram(["serve"], environment: environment))
      let server = try #require(Self.postmaster(place))
      place.write("weir/postgres/data/PG_VERSION", "9\n")
      kill(server, SIGKILL)
      let output = try await host.program.end(within: .seconds(60))
      #expect(output.status == 75, "\(output)")
      #expect(output.err.contains("PostgreSQL has died and cannot be started"), "\(output)")
      #expect(output.err.contains("the data is of PostgreSQL 9, and installed is "), "\(output)")
    }

    private static func postmaster(_ place: Place) -> Int32? {
      RunningProgram.text("\(place.folder.path)/weir/postgres/data/postmaster.pid").split(separator: "\n").first.flatMap { Int32($0) }
        .flatMap { Processes.isAlive(Int($0)) ? $0 : nil }
    }
  }
}
