import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `weir validate` {
    @Test func `finds no problem in the project's own manifests`() async throws {
      let place = try Place()
      let output = try await place.weir(
        "validate", "\(Place.root)/manifests/plugins/ingest.json", "\(Place.root)/manifests/workflows/ingest_collection.json")
      #expect(output.status == 0 && output.out == "2 manifests, no problem\n" && output.err == "", "\(output)")
    }

    @Test func `prints every problem of every file at once`() async throws {
      let place = try Place(plugins: [.noop])
      place.write("plugin.json", #"{"id": "org.weir.bad", "version": "1.0.0", "abi": 1, "librari": "Noop", "handlers": {"bad.run": {}}}"#)
      place.write(
        "workflow.json",
        """
        {
          "name": "bad",
          "stages": [
            { "id": "a", "handler": "noop.runn", "param": {} },
            { "id": "b", "handler": "noop.run", "needs": ["c"] }
          ]
        }
        """)
      place.write("cut.json", #"{"name": "#)
      let folder = place.folder.path
      let output = try await place.weir(
        "validate", "\(folder)/plugin.json", "\(folder)/workflow.json", "\(folder)/cut.json", "\(folder)/absent.json")
      #expect(output.status == 1 && output.out == "", "\(output)")
      let wanted = [
        "plugin.json:1:1: library: is missing.", "plugin.json:1:54: librari: unknown key.",
        "workflow.json:4:29: stages[0].handler: plugin \"org.weir.noop\" has no handler \"runn\".",
        "workflow.json:4:42: stages[0].param: unknown key.", "workflow.json:5:51: stages[1].needs[0]: there is no stage \"c\".",
        "cut.json:1:10: ", "absent.json: cannot be read: No such file or directory.",
      ]
      for part in wanted { #expect(output.err.contains("\(folder)/\(part)"), "\(part) is not in:\n\(output.err)") }
    }
  }

  @Suite struct `weir config` {
    @Test func `says where each value came from, and no secret`() async throws {
      let place = try Place()
      place.write("weir.json", #"{"token": "a-token-nobody-may-see", "runners": 3, "grace": "7s"}"#)
      let output = try await place.weir(
        "config", with: ["WEIR_CONFIG": "\(place.folder.path)/weir.json", "WEIR_RUNNERS": "4"])
      #expect(output.status == 0 && output.err == "", "\(output)")
      func line(_ name: String) -> [Substring] {
        output.out.split(separator: "\n").first { $0.hasPrefix(name + " ") }?.split(separator: " ") ?? []
      }
      #expect(line("token") == ["token", "(hidden)", "\(place.folder.path)/weir.json"])
      #expect(line("runners") == ["runners", "4", "WEIR_RUNNERS"])
      #expect(line("grace") == ["grace", "7s", "\(place.folder.path)/weir.json"])
      #expect(line("lease") == ["lease", "30s", "default"])
      #expect(line("database_url")[1] == "(hidden)")
      #expect(!output.out.contains("nobody-may-see"))
    }

    @Test func `has every problem at once, with its place`() async throws {
      let place = try Place()
      place.write("weir.json", "{\n  \"listen\": \"nonsense\",\n  \"colour\": \"blue\",\n  \"grace\": 5\n}\n")
      let file = "\(place.folder.path)/weir.json"
      let names = try HostConfiguration.load(file: nil, environment: [:]).origins.map(\.name).prefix(20).joined(separator: ", ")
      for command in ["config", "serve"] {
        let output = try await place.weir(
          command, with: ["WEIR_CONFIG": file, "WEIR_RUNNERS": "9999", "WEIR_LISTEN": "0.0.0.0:80"])
        #expect(output.status == 1 && output.out == "", "\(output)")
        #expect(
          output.err == """
            \(file):2:13: listen: expected an address such as 127.0.0.1:8080, got the string "nonsense".
            \(file):3:3: colour: unknown key.
              The configuration has \(names), ….
            \(file):4:12: grace: expected a duration such as 30s, got the number 5.
            environment: WEIR_RUNNERS: expected a whole number from 1 to 1024, got "9999".

            """, "\(output)")
      }
    }
  }

  @Suite struct `weir db` {
    @Test func `migrates once, and says how it stands`() async throws {
      let place = try Place()
      let bare = try TestDatabase.make()
      let with = ["WEIR_DATABASE_URL": bare.url]
      let before = try await place.weir("db", "status", with: with)
      #expect(before.status == 0 && before.out.hasPrefix("pending  001_engine\n") && !before.out.contains("applied"), "\(before)")
      let first = try await place.weir("db", "migrate", with: with)
      #expect(first.status == 0 && first.out.hasPrefix("ran 001_engine\n"), "\(first)")
      let second = try await place.weir("db", "migrate", with: with)
      #expect(second.status == 0 && second.out == "nothing to do\n", "\(second)")
      let after = try await place.weir("db", "status", with: with)
      #expect(after.status == 0 && after.out.hasPrefix("applied  1 engine\n") && !after.out.contains("pending"), "\(after)")
    }
  }
}
