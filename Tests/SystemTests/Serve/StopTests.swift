import Glibc
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `weir serve` {
    private static let naps = """
      {"name": "naps", "parameters": {"type": "object", "properties": {"count": {"type": "integer"}, "ms": {"type": "integer"}}}, "stages": [
        {"id": "list", "handler": "noop.emit", "params": {"count": "${params.count}"}},
        {"id": "nap", "handler": "noop.sleep", "needs": ["list"], "for_each": {"items_of": "list"}, "params": {"ms": "${params.ms}"}}]}
      """

    @Test func `gives its tasks back when it is told to stop, and another host does them`() async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.naps])
      let first = try await place.serve()
      let id = try await first.submit("naps", #"{"count": 6, "ms": 1500}"#)
      _ = try await first.program.wait("a task that runs") {
        Processes.children(of: first.program.pid).isEmpty ? nil : true
      }
      let began = ContinuousClock.now
      let output = try await first.stop()
      #expect(output.status == 0, "\(output)")
      #expect(ContinuousClock.now - began < .seconds(30))
      #expect(try await Catalogue.number("SELECT count(*) FROM app.leases", in: place.own) == 0)
      #expect(try await Catalogue.number("SELECT count(*) FROM app.hosts WHERE ended_why = 'stopped'", in: place.own) == 1)
      let second = try await place.serve()
      let job = try await second.end(of: id)
      #expect(job.state == "completed", "\(job.serialized())")
      #expect(job.stage("nap")["tasks"]?["completed"]?.intValue == 6)
    }

    @Test func `shares a job with another host on the same database`() async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.naps])
      let (one, two) = (try await place.serve(), try await place.serve())
      let job = try await one.end(of: try await two.submit("naps", #"{"count": 24, "ms": 100}"#))
      #expect(job.state == "completed", "\(job.serialized())")
      let hosts = try await Catalogue.number(
        "SELECT count(DISTINCT host_id) FROM app.attempts a JOIN app.stages s ON s.id = a.stage_id WHERE s.name = 'nap' AND final",
        in: place.own)
      #expect(hosts == 2, "\(hosts) host did the tasks")
      let listed = try await two.get("/api/hosts").json["hosts"]?.arrayValue ?? []
      #expect(listed.count == 2)
    }

    @Test func `keeps a cluster of its own, through a restart and a kill`() async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.naps])
      var environment = place.environment
      environment["WEIR_DATABASE_URL"] = nil
      func serve() async throws -> ServedHost { try await ServedHost(RunningProgram(["serve"], environment: environment)) }
      var host = try await serve()
      #expect(try await host.end(of: host.submit("naps", #"{"count": 2, "ms": 1}"#)).state == "completed")
      #expect(try await host.stop().status == 0)
      host = try await serve()
      #expect(try await host.get("/api/jobs/1").json.state == "completed")
      try await host.kill()
      host = try await serve()
      #expect(try await host.get("/api/jobs/1").json.state == "completed")
      #expect(try await host.end(of: host.submit("naps", #"{"count": 2, "ms": 1}"#)).state == "completed")
      #expect(try await host.stop().status == 0)
      #expect(Processes.mentioning(place.folder.path) == [], "processes are left")
    }
  }
}
