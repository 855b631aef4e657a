import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `ingest_collection` {
    static let source = "\(Place.root)/Demo/bronzemapspam"

    @Test func `takes the first system's request byte for byte`() async throws {
      let place = try Place(sources: ["bronzemapspam": Self.source])
      let host = try await place.serve()
      let answer = try await host.post(
        "/api/jobs/submit/ingest_collection",
        #"{"source_container": "bronzemapspam", "target_container": "silvermapspam", "batch_size": 100}"#)
      #expect(answer.status == 201, "\(answer.text)")
      let job = try await host.end(of: answer.json["job_id"]?.stringValue ?? "")
      #expect(job.state == "completed", "\(job.serialized())")
      let target = FileTree(folder: "\(place.containers)/silvermapspam")
      let rasters = target.paths.filter { $0.hasSuffix(".tif") }
      #expect(rasters.count == 2 * (job.stage("finalize")["result"]?["registered"]?.intValue ?? 0))
      for path in target.paths where !path.hasSuffix(".json") {
        #expect(try target.bytes(path) == FileTree(folder: Self.source).bytes(path), "\(path) differs")
      }
      let compared = try await Catalogue.compare(
        place, source: Self.source, collection: "mapspam", prefix: "file://\(target.folder)")
      #expect(compared.status == 0, "\(compared)")
      #expect(compared.out.contains("0 differences"))
      #expect(try await host.stop().status == 0)
    }
  }
}
