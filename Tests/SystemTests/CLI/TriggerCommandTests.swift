import Database
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `weir triggers` {
    private static let workflows = ["tick", "tock"].map {
      #"{"name": "\#($0)", "stages": [{"id": "a", "handler": "noop.run", "params": {}}]}"#
    }

    @Test func `makes, shows, pauses, resumes and removes triggers`() async throws {
      let place = try Place(plugins: [.noop], workflows: Self.workflows)
      let host = try await place.serve()
      func weir(_ arguments: String...) async throws -> Output { try await place.weir(["triggers"] + arguments + ["--url", host.url]) }
      #expect(try await weir("list").out.isEmpty)
      let made = try await weir("set", "after", "--workflow", "tick", "--job", "tock", "--state", "completed", "--label", "chained")
      #expect(made.status == 0 && made.out == line("after", "job tock", "tick"), "\(made)")
      let objects = try await weir(
        "set", "arrivals", "--workflow", "tick", "--objects", "bronze/in/", "--suffix", ".tif", "--dedup", "key", "--every", "1m",
        "--batch", "10", "--priority", "3")
      #expect(objects.out == line("arrivals", "objects bronze/in/", "tick"), "\(objects)")
      let signed = try await weir("set", "called", "--workflow", "tick", "--webhook", "partner")
      #expect(signed.out == line("called", "webhook partner", "tick"), "\(signed)")
      let listed = try await weir()
      #expect(listed.out == [made, objects, signed].map(\.out).sorted().joined(), "\(listed)")
      let json = try JSON(parsing: try await weir("list", "--json").out)
      let arrivals = json["triggers"]?.arrayValue?.first { $0["name"] == "arrivals" }
      #expect(arrivals?["on"]?["objects"]?["batch"] == 10 && arrivals?["priority"] == 3, "\(json)")

      _ = try await host.end(of: try await host.submit("tock"))
      #expect(try await place.number("SELECT count(*) FROM app.jobs WHERE workflow = 'tick'", atLeast: 1) == 1)
      let shown = try await weir("show", "after", "--count", "5")
      #expect(shown.out.hasPrefix(made.out) && shown.out.contains("  submitted  job 2\n"), "\(shown)")

      let paused = try await weir("pause", "after", "--why", "holidays")
      #expect(paused.status == 0 && paused.out.hasSuffix(" tick  paused by local\n"), "\(paused)")
      #expect(try JSON(parsing: try await weir("list", "--json").out)["triggers"]?[0]?["paused"]?["why"] == "holidays")
      _ = try await host.end(of: try await host.submit("tock"))
      let resumed = try await weir("resume", "after", "--skip")
      #expect(resumed.status == 0 && resumed.out == made.out, "\(resumed)")
      _ = try await host.end(of: try await host.submit("tock"))
      #expect(
        try await place.number("SELECT count(*) FROM app.jobs WHERE workflow = 'tick'", atLeast: 2) == 2, "what was skipped started one")
      #expect(try await weir("remove", "after").out == "trigger after removed\n")
      #expect(try await !weir().out.contains("after "))
    }

    private func line(_ name: String, _ what: String, _ workflow: String) -> String {
      name + String(repeating: " ", count: 25 - name.count) + what + String(repeating: " ", count: 33 - what.count) + workflow + "\n"
    }

    @Test func `says what is wrong with what it is given`() async throws {
      let place = try Place(plugins: [.noop], workflows: Self.workflows)
      let host = try await place.serve()
      func err(_ arguments: String...) async throws -> String {
        let output = try await place.weir(["triggers"] + arguments + ["--url", host.url])
        #expect(output.status != 0 && output.out.isEmpty, "\(output)")
        return output.err
      }
      for command in ["show", "pause", "resume", "remove"] {
        #expect(try await err(command, "nobody") == "there is no trigger \"nobody\"\n  There is none.\n")
        #expect(try await err(command).contains("Missing expected argument '<name>'"))
      }
      let what = "Say what it waits for: one of --objects, --dataset, --job and --webhook."
      #expect(try await err("set", "a", "--workflow", "tick").contains(what))
      #expect(try await err("set", "a", "--workflow", "tick", "--job", "tock", "--dataset", "lands").contains(what))
      #expect(try await err("set", "a", "--workflow", "tick", "--job", "tock", "--params", "{x").contains("--params is not JSON: {x"))
      #expect(try await err("set", "a", "--job", "tock").contains("Missing expected argument '--workflow <workflow>'"))
      #expect(
        try await err("set", "A", "--workflow", "tick", "--job", "tock")
          .hasPrefix("trigger \"A\": a name has lower-case letters, digits and _, a letter first, 64 at most\n"))
      #expect(
        try await err("set", "a", "--workflow", "tick", "--job", "tick")
          .hasPrefix("trigger \"a\": on.job.workflow: a workflow that starts itself would never end\n"))
      #expect(try await err("set", "a", "--workflow", "none", "--job", "tock").hasPrefix("there is no workflow \"none\"\n"))
      #expect(
        try await err("set", "a", "--workflow", "tick", "--objects", "bronze", "--batch", "x").contains("'x' is invalid for '--batch"))
      #expect(try await err("set", "a", "--workflow", "tick", "--objects", "bronze", "--every", "now").contains("on.objects.every: "))
      #expect(try await place.weir("triggers", "--url", host.url).out.isEmpty)
    }
  }
}
