import Database
import TestSupport
import Testing
import Workflow

extension `The system` {
  /// Each kill comes while the host stores what has ended: a trigger holds that transaction until the host is dead.
  @Suite struct `A host that is killed` {
    /// How many tasks of a stage must have ended before the host is killed again, stage by stage.
    private static let moments = [("copy", [3, 12, 21, 35, 50]), ("register_items", [2, 11, 20, 33, 48])]
    private static let request = #"{"source_container": "bronzemapspam", "target_container": "silvermapspam", "batch_size": 1}"#

    @Test func `ten times within copy and register_items leaves what an undisturbed one leaves`() async throws {
      let place = try Place(sources: ["bronzemapspam": `ingest_collection`.source])
      let gate = try Gate(place.own)
      var host = try await place.serve()
      let id = try await host.submit("ingest_collection", Self.request)
      for (stage, counts) in Self.moments {
        for count in counts {
          try await gate.shut(stage, completed: count)
          let pid = host.program.pid
          let runners = try await host.program.wait("moment \(count) of \(stage)", within: .seconds(60), every: .milliseconds(1)) {
            try gate.isReached ? Processes.children(of: pid) : nil
          }
          #expect(try await gate.state(of: stage) == "running", "the host was not killed within \(stage), at \(count)")
          try await host.kill()
          try await gate.open()
          host = try await place.serve()
          let left = try await host.program.wait("end of the killed host's runners", within: .seconds(20)) {
            runners.allSatisfy { !Processes.isAlive($0) } ? [Int]() : nil
          }
          #expect(left.isEmpty)
        }
      }
      let job = try await host.end(of: id)
      #expect(job.state == "completed", "\(job.serialized())")

      let calm = try Place(sources: ["bronzemapspam": `ingest_collection`.source])
      let calmHost = try await calm.serve()
      let calmJob = try await calmHost.end(of: try await calmHost.submit("ingest_collection", Self.request))
      #expect(calmJob.state == "completed")
      try await compare(place, calm)
      #expect(job.stage("finalize")["result"]?["registered"] == calmJob.stage("finalize")["result"]?["registered"])
      for stage in ["copy", "register_items"] {
        #expect(job.stage(stage)["tasks"] == calmJob.stage(stage)["tasks"])
      }
      let sums = try await host.sums(of: id, besides: ["files_copied", "files_skipped", "bytes_copied"])
      let truth = FileTree(folder: "\(place.containers)/silvermapspam")
      #expect(sums == (try await calmHost.sums(of: "1", besides: ["files_copied", "files_skipped", "bytes_copied"])))
      #expect(sums["items_registered"] == "72" && sums["cogs_done"] == "\(truth.paths.filter { $0.hasSuffix(".tif") }.count)", "\(sums)")
      let twice = try await Catalogue.number(
        "SELECT count(*) FROM (SELECT 1 FROM app.attempts WHERE final GROUP BY stage_id, n HAVING count(*) > 1) t", in: place.own)
      #expect(twice == 0, "\(twice) tasks ended twice")
      #expect(
        try await Catalogue.number("SELECT count(*) FROM app.attempts WHERE final", in: place.own)
          == Catalogue.number("SELECT count(*) FROM app.attempts WHERE final", in: calm.own))
      #expect(try await Catalogue.number("SELECT count(*) FROM app.hosts WHERE ended_why = 'lost'", in: place.own) == 10)
      #expect(try await Catalogue.number("SELECT count(*) FROM app.attempts WHERE outcome = 'lost'", in: place.own) > 0)
    }

    private func compare(_ one: Place, _ other: Place) async throws {
      let (files, others) = (FileTree(folder: "\(one.containers)/silvermapspam"), FileTree(folder: "\(other.containers)/silvermapspam"))
      #expect(files.paths == others.paths)
      for path in files.paths { #expect(try files.bytes(path) == others.bytes(path), "\(path) differs") }
      let items = try await Catalogue.items("mapspam", in: one.own).map { $0.split(separator: one.folder.path).joined() }
      let otherItems = try await Catalogue.items("mapspam", in: other.own).map { $0.split(separator: other.folder.path).joined() }
      #expect(!items.isEmpty && items == otherItems)
    }
  }
}

extension ServedHost {
  /// What a job's plugins declare, by metric, as exact text.
  fileprivate func sums(of job: String, besides left: Set<String>) async throws -> [String: String] {
    let figures = try await get("/api/jobs/\(job)/progress").json["domain"]?.arrayValue ?? []
    return figures.reduce(into: [:]) { sums, figure in
      guard let name = figure["name"]?.stringValue, !left.contains(name) else { return }
      sums[name] = figure["exact"]?.stringValue
    }
  }
}
