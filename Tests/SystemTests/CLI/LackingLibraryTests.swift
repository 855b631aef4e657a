import TestSupport
import Testing
import Workflow

extension `The system` {
  /// The plugin of curated datasets as it comes in the tarball, on a machine without GDAL: its library asks for one that is nowhere.
  @Suite struct `A plugin whose library needs another that is not there` {
    private static let reason =
      "plugin \"curated\" cannot be loaded: libCurated.so needs libgdal.so.999, which this machine does not have"
    private static let hint = "Install it and start weir again; on Debian: apt install libgdal999"

    private func place() async throws -> Place {
      let place = try Place(plugins: [.noop])
      for file in ["plugins/curated.json", "workflows/curated_dataset_update.json"] {
        place.write("manifests/\(file)", RunningProgram.text("\(Place.root)/manifests/\(file)"))
      }
      // beside its manifest, where it is sought first
      let library = "\(place.manifests)/plugins/libCurated.so"
      _ = try await RunningProgram(["\(RunningProgram.folder)/libCurated.so", library], program: "/bin/cp").end()
      let needed = try await RunningProgram(["--print-needed", library], program: "/usr/bin/patchelf").end().out
      let gdal = try #require(needed.split(separator: "\n").first { $0.hasPrefix("libgdal.so.") })
      let patched = try await RunningProgram(
        ["--replace-needed", String(gdal), "libgdal.so.999", library], program: "/usr/bin/patchelf"
      ).end()
      #expect(patched.status == 0, "\(patched)")
      return place
    }

    @Test func `keeps a host from nothing else, and everybody is told what to install`() async throws {
      let place = try await place()
      let host = try await place.serve()
      #expect(host.program.err.contains("A plugin cannot be loaded") && host.program.err.contains("libgdal.so.999"), "\(host.program.err)")
      let refused = try await host.post("/api/jobs/submit/curated_dataset_update", #"{"dataset_id": "x", "dataset": {}}"#)
      #expect(refused.status == 409, "\(refused.text)")
      #expect(
        refused.json["detail"]?.stringValue?.hasSuffix(": \(Self.reason)") == true && refused.json["hint"]?.stringValue == "\(Self.hint).")
      let plugins = try await place.weir("plugins", with: ["WEIR_URL": host.url])
      #expect(plugins.out.contains("org.weir.noop") && plugins.out.contains("curated 1.0.0 is not available"), "\(plugins)")
      #expect(plugins.out.contains("\(Self.reason). \(Self.hint)."), "\(plugins)")
      let workflows = try await place.weir("workflows", with: ["WEIR_URL": host.url])
      #expect(workflows.out.contains("  not available: ") && workflows.out.contains(Self.reason), "\(workflows)")
      let listed = try await host.get("/api/workflows").json["workflows"]?.arrayValue ?? []
      #expect(listed.filter { $0["unavailable"] != .null }.map { $0["name"] } == ["curated_dataset_update"])
      #expect(try await host.stop().status == 0)
    }

    @Test func `is found by weir doctor, and by weir run; a workflow that uses it is valid`() async throws {
      let place = try await place()
      let output = try await place.weir("doctor", "--json")
      let found = try JSON(parsing: output.out)["findings"]?.arrayValue?.first { $0["subject"] == "plugins.curated" }
      #expect(output.status == 2 && found?["severity"] == "error", "\(output)")
      #expect(found?["message"]?.stringValue == "\(Self.reason)." && found?["hint"]?.stringValue == "\(Self.hint).")
      #expect(output.out.contains("plugins.org.weir.noop"), "the others are looked at, too")
      let validated = try await place.weir("validate", "\(place.manifests)/workflows/curated_dataset_update.json")
      #expect(validated.status == 0, "\(validated)")
      let ran = try await place.weir("run", "curated", "curated.check_source", "--params", "{}")
      #expect(ran.status != 0 && ran.err.contains(Self.reason) && ran.err.contains(Self.hint), "\(ran)")
    }

    @Test func `is no reason to start with any other mistake`() async throws {
      let place = try await place()
      place.write("manifests/workflows/wrong.json", #"{"name": "wrong", "stages": [{"id": "a", "handler": "curated.chekc_source"}]}"#)
      let output = try await place.weir("work")
      #expect(output.status != 0 && output.err.contains("\"curated.chekc_source\""), "\(output)")
    }
  }
}
