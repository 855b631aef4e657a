import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `The commands about jobs` {
    private static let workflows = [
      """
      {"name": "quick", "title": "Gives back what it is given", "parameters": {"type": "object", "properties": {"n": {"type": "integer"}}},
       "stages": [{"id": "only", "handler": "noop.echo", "params": {"n": "${params.n}"}}]}
      """,
      #"{"name": "rejecting", "stages": [{"id": "only", "handler": "noop.reject", "tolerate": "1", "params": {}}]}"#,
      #"{"name": "failing", "stages": [{"id": "only", "handler": "broken.segfault", "params": {}}]}"#,
      #"{"name": "long", "stages": [{"id": "only", "handler": "noop.sleep", "params": {"ms": 600000}}]}"#,
    ]

    @Test func `submit, show, list, follow and cancel them`() async throws {
      let place = try Place(plugins: [.noop, .broken], workflows: Self.workflows)
      let host = try await place.serve()
      let with = ["WEIR_URL": host.url]
      let submitted = try await place.weir("submit", "quick", "--params", #"{"n": 7}"#, with: with)
      #expect(submitted.status == 0 && submitted.err == "", "\(submitted)")
      #expect(submitted.out.contains("job 1: completed") && submitted.out.contains("weir job 1"), "\(submitted)")
      let json = try await place.weir("submit", "quick", "--json", "--dedup-key", "one", "--label", "mine", "--priority", "-5", with: with)
      #expect(json.status == 0)
      #expect(try JSON(parsing: json.out)["state"]?.stringValue == "completed", "\(json)")
      let again = try await place.weir("submit", "quick", "--detach", "--json", "--dedup-key", "one", with: with)
      #expect(try JSON(parsing: again.out)["job_id"]?.stringValue == "2", "\(again)")
      let rejecting = try await place.weir("submit", "rejecting", with: with)
      #expect(rejecting.status == 3 && rejecting.out.contains("only: element: rejected as asked"), "\(rejecting)")
      let failing = try await place.weir("submit", "failing", with: with)
      #expect(failing.status == 1 && failing.out.contains("SIGSEGV"), "\(failing)")

      let long = try await place.weir("submit", "long", "--detach", with: with)
      #expect(long.status == 0 && long.out == "5\n", "\(long)")
      let cancelled = try await place.weir("cancel", "5", with: with)
      #expect(cancelled.status == 0 && cancelled.out.hasPrefix("job 5: "), "\(cancelled)")
      let watched = try await place.weir("watch", "5", with: with)
      #expect(watched.status == 1 && watched.out.contains("job 5: cancelled"), "\(watched)")

      let listed = try await place.weir("jobs", with: with)
      let states = listed.out.split(separator: "\n").map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
      #expect(states == ["5 cancelled", "4 failed", "3 completed_with_errors", "2 completed", "1 completed"], "\(listed)")
      let mine = try await place.weir("jobs", "--label", "mine", "--json", with: with)
      #expect(try JSON(parsing: mine.out)["jobs"]?.arrayValue?.count == 1)
      let shown = try await place.weir("job", "4", with: with)
      #expect(shown.status == 0 && shown.out.hasPrefix("job 4 · failing · failed") && shown.out.contains("SIGSEGV"), "\(shown)")
      let logs = try await place.weir("logs", "1/only/0", with: with)
      #expect(logs.status == 0 && logs.err == "", "\(logs)")
    }

    @Test func `follow a job through a restart of the host`() async throws {
      let place = try Place(
        plugins: [.noop], workflows: [#"{"name": "nap", "stages": [{"id": "only", "handler": "noop.sleep", "params": {"ms": 1500}}]}"#])
      let first = try await place.serve()
      let id = try await first.submit("nap")
      let watching = try place.program(["watch", id], ["WEIR_URL": first.url])
      _ = try await watching.wait("its first line") { watching.out.contains("job \(id): running") ? true : nil }
      try await first.kill()
      let second = try await place.serve(["WEIR_LISTEN": "127.0.0.1:\(first.port)"])
      let output = try await watching.end()
      #expect(output.status == 0 && output.out.contains("job \(id): completed"), "\(output)")
      #expect(try await second.stop().status == 0)
    }

    @Test func `list plugins and workflows`() async throws {
      let place = try Place(plugins: [.noop], workflows: Self.workflows.dropLast(2).map { $0 })
      let host = try await place.serve()
      let plugins = try await place.weir("plugins", "--url", host.url)
      #expect(plugins.status == 0 && plugins.out.contains("org.weir.noop 1.0.0\n  noop.echo"), "\(plugins)")
      let workflows = try await place.weir("workflows", "--url", host.url)
      #expect(workflows.out.contains("quick") && workflows.out.contains("Gives back what it is given"), "\(workflows)")
      let json = try await place.weir("workflows", "--url", host.url, "--json")
      #expect(try JSON(parsing: json.out)["workflows"]?.arrayValue?.count == 4)
    }

    @Test func `say what is wrong on stderr, and nothing else`() async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.workflows[0]])
      let host = try await place.serve()
      let with = ["WEIR_URL": host.url]
      let cases = [
        (["submit", "quik"], "there is no workflow \"quik\"", 1),
        (["submit", "quick", "--params", "{"], "line 1, column 2", 1),
        (["submit", "quick", "--params", #"{"n": "seven"}"#], "/n: expected an integer, got \"seven\" (a string).", 1),
        (["submit", "quick", "--not-before", "tomorrow"], "not_before", 1),
        (["job", "99"], "there is no job 99", 1), (["job", "x"], "id: expected a whole number from 1, such as 42, got \"x\".", 1),
        (["watch", "99"], "there is no job 99", 1),
        (["logs", "1/2"], "\"1/2\" is neither a job's id nor a task's (JOB/STAGE/N).", 64), (["cancel", "99"], "there is no job 99", 1),
        (["jobs", "--state", "done"], "state", 1), (["jobs", "--limit", "0"], "limit", 1),
      ]
      for (arguments, message, status) in cases {
        let output = try await place.weir(arguments, with: with)
        #expect(output.status == status && output.out == "", "\(arguments): \(output)")
        #expect(output.err.contains(message), "\(arguments): \(output.err)")
        #expect(!output.err.contains("Error:") || status == 64, "\(output.err)")
      }
      let away = try await place.weir("jobs", "--url", "http://127.0.0.1:1")
      #expect(away.status == 1 && away.err.contains("Is a host running there?"), "\(away)")
    }
  }
}
