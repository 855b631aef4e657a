import Database
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `weir schedules` {
    private static let workflow = #"{"name": "tick", "stages": [{"id": "a", "handler": "noop.run", "params": {}}]}"#

    @Test func `makes, shows, fires, pauses and removes a schedule`() async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.workflow])
      let host = try await place.serve()
      func weir(_ arguments: String...) async throws -> Output { try await place.weir(["schedules"] + arguments + ["--url", host.url]) }
      let made = try await weir(
        "set", "nightly", "--workflow", "tick", "--cron", "30 2 * * *", "--zone", "Europe/Zurich", "--missed", "last")
      #expect(made.status == 0 && made.out.hasPrefix("nightly "), "\(made)")
      #expect(made.out.contains(" 30 2 * * * ") && made.out.contains(" Europe/Zurich "), "\(made)")
      let shown = try await weir("show", "nightly", "--count", "400")
      #expect(
        shown.out.contains("T02:30  (the clock is put forward over it)") && shown.out.contains("T02:30  (the clock shows it twice)"),
        "\(shown)")

      // as if every host had been away since yesterday
      _ = try await Catalogue.number(
        """
        WITH late AS (UPDATE app.schedules SET decided_through = now() - interval '30 hours', next_at = now() - interval '1 hour' RETURNING 1)
        SELECT count(*) FROM late
        """, in: place.own)
      let fired = try await place.number("SELECT count(*) FROM app.jobs WHERE state = 'completed'", atLeast: 1)
      #expect(fired == 1)
      let after = try await weir("show", "nightly")
      #expect(after.out.contains("  submitted late  job 1"), "\(after)")

      #expect(try await weir("pause", "nightly", "--why", "holidays").out.contains("paused by "))
      #expect(try await weir().out.contains("paused by "))
      #expect(try await !weir("resume", "nightly").out.contains("paused by "))
      let wrong = try await weir("set", "nightly", "--workflow", "tick", "--cron", "61 2 * * *")
      #expect(
        wrong.status == 1 && wrong.err.contains(#"schedule "nightly": cron: minute "61": expected a whole number from 0 to 59"#), "\(wrong)"
      )
      #expect(try await weir("remove", "nightly").out == "schedule nightly removed\n")
      let gone = try await weir("show", "nightly")
      #expect(gone.status == 1 && gone.err.hasPrefix(#"there is no schedule "nightly""#), "\(gone)")
    }

    @Test func `runs a stretch of the past, and leaves off`() async throws {
      let slow = #"{"name": "nap", "stages": [{"id": "a", "handler": "noop.sleep", "params": {"ms": 600000}}]}"#
      let place = try Place(plugins: [.noop], workflows: [slow])
      let host = try await place.serve()
      func weir(_ arguments: String...) async throws -> Output { try await place.weir(["schedules"] + arguments + ["--url", host.url]) }
      #expect(try await weir("set", "nightly", "--workflow", "nap", "--cron", "30 2 * * *").status == 0)
      let range = ["--from", "2026-03-27T00:00:00Z", "--to", "2026-03-31T00:00:00Z"]
      let thought = try await weir("backfill", "nightly", range[0], range[1], range[2], range[3], "--dry-run")
      #expect(thought.status == 0 && thought.out.split(separator: "\n").count == 4, "\(thought)")
      #expect(thought.out.hasPrefix("  2026-03-27T02:30:00.000Z  2026-03-27T02:30  submitted\n"), "\(thought)")
      let begun = try await weir("backfill", "nightly", range[0], range[1], range[2], range[3])
      #expect(begun.out == "backfill 1 of nightly begins\n", "\(begun)")
      #expect(try await place.number("SELECT count(*) FROM app.jobs WHERE state = 'running'", atLeast: 1) == 1)
      let ended = try await weir("cancel-backfill", "1")
      let line =
        "  backfill 1  2026-03-27T00:00:00.000Z to 2026-03-31T00:00:00.000Z  1 submitted, 1 running, 0 skipped, 0 failed  cancelled by local\n"
      #expect(ended.status == 0 && ended.out == line, "\(ended)")
      #expect(try await weir("show", "nightly", "--count", "1").out.contains(line))
      #expect(try await weir("cancel-backfill", "1").out == line, "once more changes nothing")
      let audit = try await place.weir("audit", "--url", host.url)
      #expect(audit.out.components(of: "schedule.backfill.cancel") == 1, "\(audit)")

      let unknown = try await weir("cancel-backfill", "4711")
      #expect(
        unknown.status == 1 && unknown.err == "there is no backfill 4711\n  `weir schedules show NAME` lists those of a schedule.\n",
        "\(unknown)")
      let wrong = try await weir("cancel-backfill", "nightly")
      #expect(wrong.status == 1 && wrong.err.contains("expected a whole number"), "\(wrong)")
      let nothing = try await weir("cancel-backfill")
      #expect(nothing.status == 64 && nothing.err.contains("Missing expected argument '<backfill>'"), "\(nothing)")
      let time = try await weir("backfill", "nightly", "--from", "lately", "--to", range[3])
      #expect(time.status == 1 && time.err.contains("lately") && time.out.isEmpty, "\(time)")
    }
  }
}

extension String {
  /// How often a word stands in it.
  fileprivate func components(of word: String) -> Int { ranges(of: word).count }
}
