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
  }
}
