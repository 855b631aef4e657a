import Glibc
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `The Slurm script` {
    private static let naps = """
      {"name": "naps", "parameters": {"type": "object", "properties": {"count": {"type": "integer"}, "ms": {"type": "integer"}}}, "stages": [
        {"id": "list", "handler": "noop.emit", "params": {"count": "${params.count}"}},
        {"id": "nap", "handler": "noop.sleep", "needs": ["list"], "for_each": {"items_of": "list"}, "params": {"ms": "${params.ms}"}}]}
      """

    @Test func `brings hosts that take the queue's tasks, and leave when none is left`() async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.naps])
      // stored by a host that then goes, so that the array does all
      let first = try await place.serve()
      let id = try await first.submit("naps", #"{"count": 40, "ms": 150}"#)
      #expect(try await first.stop().status == 0)

      let cluster = try SlurmCluster(in: place.folder.path)
      try await cluster.becomesReady()
      let script = "\(Place.root)/Packaging/slurm/weir-work.sbatch"
      let submitted = try await cluster.command(
        "sbatch", "--parsable", "--array=1-2", "--cpus-per-task=1", "--output=\(place.folder.path)/%a.log", script,
        environment: place.environment.merging(["WEIR_PROGRAM": "\(RunningProgram.folder)/weir"]) { $1 })
      #expect(submitted.status == 0, "\(submitted)")
      let ended = try await cluster.wait("both parts of the array have ended") {
        let queue = try await cluster.command("squeue", "--noheader", "--states=all", "--format=%T")
        let states = queue.out.split(separator: "\n")
        return !states.isEmpty && states.allSatisfy { !["PENDING", "RUNNING", "COMPLETING", "CONFIGURING"].contains($0) } ? queue.out : nil
      }
      let logs = ["1", "2"].map { RunningProgram.text("\(place.folder.path)/\($0).log") }
      #expect(Set(ended.split(separator: "\n")) == ["COMPLETED"], "\(ended)\n\(logs.joined(separator: "\n"))\n\(cluster.log)")
      let hosts = try await Catalogue.number("SELECT count(*) FROM app.hosts WHERE ended_why = 'stopped'", in: place.own)
      #expect(hosts == 3, "\(logs.joined(separator: "\n"))")
      let second = try await place.serve()
      let job = try await second.get("/api/jobs/\(id)").json
      #expect(job.state == "completed", "\(job.serialized())\n\(logs.joined(separator: "\n"))")
    }
  }
}
