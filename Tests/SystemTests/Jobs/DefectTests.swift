import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `A collection with planted defects` {
    @Test func `fails as a whole where its workflow bears a tenth of rejects, and registers nothing`() async throws {
      let (place, _) = try await planted()
      let host = try await place.serve()
      let id = try await host.submit("ingest_collection", #"{"source_container": "bronzedefects", "target_container": "silverdefects"}"#)
      let job = try await host.end(of: id)
      #expect(job.state == "failed")
      #expect(job["error"]?.stringValue?.contains("inventory") == true, "\(job["error"]?.serialized() ?? "no error")")
      #expect(job.stage("copy").state != "completed")
      #expect(try await Catalogue.items("defects", in: place.own).isEmpty)
    }

    @Test func `gives every item that is right and the reason of every other`() async throws {
      let (place, expected) = try await planted()
      let host = try await place.serve()
      let id = try await host.submit(
        "ingest_tolerant", #"{"source_container": "bronzedefects", "target_container": "silverdefects", "batch_size": 3}"#)
      let job = try await host.end(of: id)
      #expect(job.state == "completed_with_errors", "\(job.serialized())")
      let rejects = try await host.failures(of: id)["rejects"]?.arrayValue ?? []
      let wanted = expected["rejects"]?.arrayValue ?? []
      for want in wanted {
        let (subject, reason) = (want["subject"]?.stringValue ?? "", want["reason"]?.stringValue ?? "")
        let found = rejects.filter { $0["subject"]?.stringValue == subject }
        #expect(found.contains { $0["message"]?.stringValue?.contains(reason) == true }, "\(subject): \(reason): given \(found)")
      }
      #expect(rejects.count == wanted.count, "\(rejects.map { $0["subject"]?.stringValue ?? "" })")
      let report = job.stage("finalize")["result"] ?? .null
      #expect(report["registered"]?.intValue == expected["items"]?.arrayValue?.count, "\(report.serialized())")
      #expect(report["failed"]?.intValue == wanted.count, "\(report.serialized())")
      let compared = try await Catalogue.compare(
        place, source: "\(place.containers)/bronzedefects", collection: "defects", prefix: "file://\(place.containers)/silverdefects",
        "--expected", "\(place.containers)/expected.json")
      #expect(compared.status == 0, "\(compared)")
      let shown = try await place.weir("job", id, "--url", host.url)
      for want in wanted {
        let subject = want["subject"]?.stringValue ?? ""
        #expect(shown.out.contains(subject), "`weir job` does not list \(subject)")
      }
    }

    /// The containers with the defects, a workflow that bears them all, and what is to be expected.
    private func planted() async throws -> (Place, JSON) {
      let ingest = RunningProgram.text("\(Place.root)/manifests/workflows/ingest_collection.json")
      let tolerant = ingest.split(separator: #""tolerate": "10%""#, omittingEmptySubsequences: false).joined(
        separator: #""tolerate": "100%""#
      )
      .split(separator: #""name": "ingest_collection""#, omittingEmptySubsequences: false).joined(separator: #""name": "ingest_tolerant""#)
      let place = try Place(workflows: [tolerant])
      let planting = try await RunningProgram(
        ["\(Place.root)/Setup/planted_defects.py", place.containers], program: "\(Place.root)/.venv/bin/python"
      ).end()
      try #require(planting.status == 0, "\(planting)")
      return (place, try JSON(parsing: RunningProgram.text("\(place.containers)/expected.json")))
    }
  }
}
