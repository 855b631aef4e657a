import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `weir demo` {
    private let folder = TemporaryFolder()

    /// The demo's environment: no database, so that it makes its own; nothing else is there but the sample collection.
    private func demo(_ arguments: String...) throws -> RunningProgram {
      let data = "\(folder.path)/data"
      if access(data, F_OK) != 0 {
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: `ingest_collection`.source, toPath: "\(data)/bronzemapspam")
      }
      return try RunningProgram(
        ["demo", "--data", data] + arguments,
        environment: [
          "WEIR_FOLDER": "\(folder.path)/weir", "WEIR_LISTEN": "127.0.0.1:0", "WEIR_MANIFESTS": "\(Place.root)/manifests",
        ])
    }

    @Test func `ingests the sample collection, reports and stops when told so`() async throws {
      let output = try await demo("--once").end()
      #expect(output.status == 0, "\(output)")
      for part in ["job 1: completed", "report of finalize:", "registered           72", "files_copied         144"] {
        #expect(output.out.contains(part), "no \"\(part)\" in \(output)")
      }
      #expect(Processes.mentioning(folder.path) == [], "processes are left")
    }

    @Test func `keeps serving, and takes the documented request`() async throws {
      let program = try demo()
      let url = try await program.wait("word of where it serves") {
        program.out.split(separator: "\n").first { $0.hasPrefix("Serving at ") }?.split(separator: " ").dropFirst(2).first.map(String.init)
      }
      #expect(program.out.contains("curl -s -X POST \(url)/api/jobs/submit/ingest_collection"))
      let host = ServedHost(program, url: url)
      let id = try await host.submit(
        "ingest_collection", #"{"source_container": "bronzemapspam", "target_container": "silvermapspam", "batch_size": 100}"#)
      let job = try await host.end(of: id)
      #expect(job.state == "completed", "\(job.serialized())")
      #expect(job.stage("finalize")["result"]?["files_skipped"]?.intValue == 144)
      program.signal(SIGINT)
      #expect(try await program.end().status == 0)
      #expect(Processes.mentioning(folder.path) == [], "processes are left")
    }

    @Test func `says what is missing`() async throws {
      let output = try await RunningProgram(["demo", "--data", "/nowhere"], environment: ["WEIR_FOLDER": "\(folder.path)/weir"]).end()
      #expect(output.status == 1 && output.err == "/nowhere: there is no sample data\n  `make setup` makes it.\n", "\(output)")
    }
  }
}
