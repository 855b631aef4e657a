import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `A job that is cancelled` {
    @Test func `within copy leaves whole files only, and a second job completes over them`() async throws {
      let place = try Place(sources: ["bronzemapspam": `ingest_collection`.source])
      let host = try await place.serve()
      // on a busy machine a job may be over before it can be cancelled
      for attempt in 1...10 {
        let request = #"{"source_container": "bronzemapspam", "target_container": "silver\#(attempt)", "batch_size": 1}"#
        let target = FileTree(folder: "\(place.containers)/silver\(attempt)")
        let job = try await cancelled(host, request, target)
        guard job.state == "cancelled" else { continue }
        let left = target.paths
        for path in left { #expect(try target.bytes(path) == FileTree(folder: `ingest_collection`.source).bytes(path), "\(path) differs") }
        #expect(try await host.post("/api/jobs/\(attempt)/cancel").status == 202, "a repeat changes nothing")
        #expect(try await Catalogue.number("SELECT count(*) FROM app.leases", in: place.own) == 0)
        #expect(try await Catalogue.number("SELECT count(*) FROM app.ready", in: place.own) == 0)

        let again = try await host.end(of: try await host.submit("ingest_collection", request))
        #expect(again.state == "completed", "\(again.serialized())")
        let report = again.stage("finalize")["result"] ?? .null
        #expect(report["files_skipped"]?.intValue == left.count, "\(report.serialized())")
        #expect(report["registered"]?.intValue == 72)
        return
      }
      Issue.record("no job of ten was cancelled before it was over")
    }

    /// Cancels a job when its first files are there, and answers it as it ended.
    private func cancelled(_ host: ServedHost, _ request: String, _ target: FileTree) async throws -> JSON {
      let id = try await host.submit("ingest_collection", request)
      _ = try await host.program.wait("the first files", every: .milliseconds(2)) { target.paths.count > 2 ? true : nil }
      _ = try await host.post("/api/jobs/\(id)/cancel")
      return try await host.end(of: id)
    }
  }
}
