import Database
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `A plugin's declaration` {
    private static let workflow = #"""
      {"name": "survey", "parameters": {"type": "object", "properties": {"batches": {"type": "array"}}},
       "stages": [{"id": "tally", "handler": "numbers.tally", "for_each": {"array": "${params.batches}"},
                   "params": {"metrics": "${item}"}}]}
      """#

    /// One task for each, with what it adds to metrics.
    private static func params(_ batches: [[(String, Double)]]) -> String {
      let list = batches.map { batch in JSON.array(batch.map { ["name": .string($0.0), "value": JSON($0.1)] }).serialized() }
      return #"{"batches": [\#(list.joined(separator: ","))]}"#
    }

    private static func place() throws -> Place {
      let place = try Place(workflows: [workflow])
      place.write("manifests/plugins/example.json", RunningProgram.text("\(Place.root)/Plugins/Examples/Swift/plugin.json"))
      return place
    }

    @Test func `alone brings bars and exact sums of its domain, to the API and the terminal`() async throws {
      let place = try Self.place()
      let host = try await place.serve(["METRICS_SAMPLE_INTERVAL": "1"])
      let aggregation = try await host.submit(
        "survey", Self.params((0..<10).map { _ in [("h3_cells_done", 0.1), ("h3_cells_total", 0.2), ("h3_stats", 3)] }))
      let merge = try await host.submit(
        "survey",
        Self.params([
          [("fathom_tiles_merged", 5), ("fathom_tiles_total", 5), ("fathom_deepest", 2)], [("fathom_deepest", 7), ("unheard_of", 1)],
        ]))
      for job in [aggregation, merge] { #expect(try await host.end(of: job).state == "completed") }
      func domain(_ job: String) async throws -> [String] {
        let figures = try await host.get("/api/jobs/\(job)/progress").json["domain"]?.arrayValue ?? []
        return figures.map { figure in
          let total = figure["total"]?.doubleValue.map { " of \($0)" } ?? ""
          return "\(figure["label"]?.stringValue ?? ""): \(figure["exact"]?.stringValue ?? "")\(total) \(figure["unit"]?.stringValue ?? "")"
        }
      }
      #expect(try await domain(aggregation) == ["H3 cells: 1.0 of 2.0 cells", "Statistics written: 30 statistics"])
      #expect(try await domain(merge) == ["Tiles merged: 5 of 5.0 tiles", "Deepest flood: 7 m"])

      let top = try await place.weir("top", with: ["WEIR_URL": host.url])
      #expect(top.status == 0 && top.out.hasPrefix("0 jobs running, 0 queued, 0 paused"), "\(top)")
      #expect(top.out.contains("survey completed [########################] 100 %"), "\(top)")
      #expect(try await place.weir("top", "--workflow", "ingest_collection", with: ["WEIR_URL": host.url]).out.contains("survey") == false)
    }

    @Test func `the host makes the table of samples itself, and again when it was dropped`() async throws {
      let place = try Self.place()
      let host = try await place.serve(["METRICS_SAMPLE_INTERVAL": "1", "METRICS_DEBUG_MODE": "true", "METRICS_LOG_PREFIX": "[M]"])
      #expect(try await place.number("SELECT count(*) FROM pg_tables WHERE tablename = 'job_metrics'", atLeast: 1) == 1)
      try await onOwnThread { _ = try place.own.database.withConnection { try $0.execute("DROP TABLE app.job_metrics") } }
      #expect(try await place.number("SELECT count(*) FROM pg_tables WHERE tablename = 'job_metrics'", atLeast: 1) == 1)
      #expect(try await host.get("/api/metrics/overview").status == 200)
      #expect(host.program.err.contains("[M] Sampled"), "\(host.program.err)")
    }
  }
}
