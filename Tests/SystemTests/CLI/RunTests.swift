import Glibc
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `weir run` {
    @Test(arguments: [[], ["--in-process"]])
    func `calls one handler and prints what it gave`(isolation: [String]) async throws {
      let place = try Place(plugins: [.noop])
      let echo = try await place.weir(["run", "org.weir.noop", "noop.echo", "--params", #"{"a": 0.49, "b": 10.0}"#] + isolation)
      #expect(echo.status == 0 && echo.out == #"{"a": 0.49, "b": 10.0}"# + "\n" && echo.err == "", "\(echo)")
      let emit = try await place.weir(["run", "org.weir.noop", "noop.emit", "-p", #"{"count": 3}"#] + isolation)
      #expect(
        emit.status == 0
          && emit.out == #"{"n":0,"pad":""}"# + "\n" + #"{"n":1,"pad":""}"# + "\n" + #"{"n":2,"pad":""}"# + "\n{}\n", "\(emit)")
      let reject = try await place.weir(["run", "org.weir.noop", "noop.reject"] + isolation)
      #expect(reject.status == 0 && reject.err.contains("rejected: {") && reject.err.contains("rejected as asked"), "\(reject)")
    }

    @Test func `reads params from a file and takes a manifest's path`() async throws {
      let place = try Place(plugins: [.noop])
      place.write("params.json", #"{"x": [1, 2]}"#)
      let output = try await place.weir(
        "run", "\(place.manifests)/plugins/noop.json", "noop.echo", "--params", "@\(place.folder.path)/params.json")
      #expect(output.status == 0 && output.out == #"{"x": [1, 2]}"# + "\n", "\(output)")
    }

    @Test func `checks STAC documents, for which no database is needed`() async throws {
      let place = try Place()
      mkdir("\(place.containers)/bronzeone", 0o755)
      place.write(
        "containers/bronzeone/collection.json",
        """
        {"type": "Collection", "stac_version": "1.0.0", "id": "one", "description": "d", "license": "CC0-1.0",
         "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [["2020-01-01T00:00:00Z", null]]}},
         "links": [{"rel": "item", "href": "./right.json"}, {"rel": "item", "href": "./wrong.json"}]}
        """)
      for (id, bbox) in [("right", "[1, 2, 1, 2]"), ("wrong", "[1, 2]")] {
        place.write(
          "containers/bronzeone/\(id).json",
          """
          {"type": "Feature", "stac_version": "1.0.0", "id": "\(id)", "geometry": {"type": "Point", "coordinates": [1, 2]},
           "bbox": \(bbox), "properties": {"datetime": "2020-05-01T00:00:00Z"}, "links": [], "assets": {}}
          """)
      }
      let output = try await place.weir("run", "ingest", "ingest.inventory", "--params", #"{"container": "bronzeone"}"#)
      #expect(output.status == 0, "\(output)")
      let lines = output.out.split(separator: "\n")
      #expect(lines.count == 2 && lines.first?.contains(#""id":"right""#) == true, "\(output)")
      #expect(output.err.contains("wrong.json: /bbox: a bbox has 4 or 6 numbers"), "\(output)")
      #expect(try JSON(parsing: Array((lines.last ?? "").utf8))["rejected"]?.intValue == 1, "\(output)")
    }

    @Test func `says how a handler failed`() async throws {
      let place = try Place(plugins: [.broken])
      let crashed = try await place.weir("run", "org.weir.broken", "broken.segfault")
      #expect(crashed.status == 1 && crashed.out == "", "\(crashed)")
      #expect(crashed.err.hasPrefix("crashed: ") && crashed.err.contains("SIGSEGV") && crashed.err.contains("broken.segfault"))
      #expect(crashed.err.split(separator: "\n").count <= 2, "\(crashed.err)")
    }

    @Test(arguments: [
      (
        ["org.weir.absent", "noop.run"],
        "there is no plugin \"org.weir.absent\" in {manifests}/plugins\n  There are ingest, org.weir.noop.\n"
      ),
      (
        ["org.weir.noop", "noop.runn"],
        "plugin \"org.weir.noop\" has no handler \"noop.runn\"\n  It has noop.run, noop.echo, noop.emit, noop.sleep, noop.reject.\n"
      ),
      (
        ["org.weir.noop", "noop.run", "--params", "{"],
        "--params: line 1, column 2: expected a key in double quotes or '}', found the end of the text\n"
      ),
      (
        ["org.weir.noop", "noop.run", "--params", "[]"],
        "the params do not match the handler's schema\n  the value: expected an object, got an empty array.\n"
      ),
      (["org.weir.noop", "noop.run", "--params", "@/nowhere.json"], "/nowhere.json: cannot be read: No such file or directory.\n"),
    ])
    func `says what is wrong with what it was given`(arguments: [String], message: String) async throws {
      let place = try Place(plugins: [.noop])
      let output = try await place.weir(["run"] + arguments)
      let wanted = message.split(separator: "{manifests}", omittingEmptySubsequences: false).joined(separator: place.manifests)
      #expect(output.status == 1 && output.out == "" && output.err == wanted, "\(output)")
    }
  }

  @Suite struct `weir check` {
    @Test func `passes a good library`() async throws {
      let place = try Place()
      let output = try await place.weir("check", "\(RunningProgram.folder)/libExampleC.so")
      #expect(output.status == 0 && output.out.contains("passes level 2") && output.err == "", "\(output)")
    }

    @Test func `fails what is wrong, and says what it is`() async throws {
      let place = try Place()
      let next = try await place.weir("check", "\(RunningProgram.folder)/libNextMajor.so")
      #expect(next.status == 1 && next.out.contains("failed") && next.out.contains("weir_plugin_v1"), "\(next)")
      place.write("text.so", "no library")
      let text = try await place.weir("check", "\(place.folder.path)/text.so")
      #expect(text.status == 1 && text.err.hasPrefix("\(place.folder.path)/text.so: not an ELF library"), "\(text)")
      let absent = try await place.weir("check", "/nowhere/libAbsent.so")
      #expect(absent.status == 1 && absent.err.contains("/nowhere/libAbsent.so") && absent.err.contains("No such file"), "\(absent)")
      let json = try await place.weir("check", "--json", "\(RunningProgram.folder)/libNextMajor.so")
      #expect(json.status == 1 && json.out.hasPrefix("{"), "\(json)")
    }
  }
}
