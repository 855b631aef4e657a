import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `A job that is cancelled` {
    @Test func `within copy leaves whole files only, and a second job completes over them`() async throws {
      let place = try Place(sources: ["bronzemapspam": `ingest_collection`.source])
      let host = try await place.serve()
      let request = #"{"source_container": "bronzemapspam", "target_container": "silvermapspam", "batch_size": 1}"#
      let id = try await host.submit("ingest_collection", request)
      let target = FileTree(folder: "\(place.containers)/silvermapspam")
      _ = try await host.program.wait("the first files", every: .milliseconds(2)) { target.paths.count > 4 ? true : nil }
      #expect(try await host.post("/api/jobs/\(id)/cancel").status == 202)
      let job = try await host.end(of: id)
      #expect(job.state == "cancelled", "\(job.serialized())")
      let left = target.paths
      #expect(left.count < 144, "it was cancelled too late to tell")
      for path in left { #expect(try target.bytes(path) == FileTree(folder: `ingest_collection`.source).bytes(path), "\(path) differs") }
      #expect(try await host.post("/api/jobs/\(id)/cancel").status == 202, "a repeat changes nothing")
      #expect(try await Catalogue.number("SELECT count(*) FROM app.leases", in: place.own) == 0)
      #expect(try await Catalogue.number("SELECT count(*) FROM app.ready", in: place.own) == 0)

      let again = try await host.end(of: try await host.submit("ingest_collection", request))
      #expect(again.state == "completed", "\(again.serialized())")
      let report = again.stage("finalize")["result"] ?? .null
      #expect(report["files_skipped"]?.intValue == left.count, "\(report.serialized())")
      #expect(report["registered"]?.intValue == 72)
    }
  }
}
