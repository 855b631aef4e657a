import Database
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `The commands that control jobs` {
    private static let workflows = [
      """
      {"name": "naps", "parameters": {"type": "object", "properties": {"ms": {"type": "integer"}}}, "stages": [
        {"id": "list", "handler": "noop.emit", "params": {"count": 40}},
        {"id": "nap", "handler": "noop.sleep", "needs": ["list"], "for_each": {"items_of": "list"}, "params": {"ms": "${params.ms}"},
         "max_parallel": 2}]}
      """,
      """
      {"name": "picky", "stages": [
        {"id": "list", "handler": "noop.emit", "params": {"count": 10}},
        {"id": "use", "handler": "broken.picky", "needs": ["list"], "for_each": {"items_of": "list"}, "params": {"batch": "${index}"}},
        {"id": "end", "handler": "noop.echo", "needs": ["use"], "params": {}}]}
      """,
      #"{"name": "deaf", "stages": [{"id": "only", "handler": "broken.spin", "params": {}}]}"#,
    ]

    private static func wait(_ host: ServedHost, _ place: Place, untilRunning count: Int) async throws {
      _ = try await host.program.wait("moment at which \(count) tasks run", within: .seconds(60)) {
        let running = try place.own.database.withConnection { try $0.query("SELECT count(*) FROM app.leases").one().int(0) }
        return running == count ? true : nil
      }
    }

    @Test func `pause, resume, prioritize, label`() async throws {
      let place = try Place(plugins: [.noop, .broken], workflows: Self.workflows)
      let host = try await place.serve()
      let with = ["WEIR_URL": host.url]
      let id = try await host.submit("naps", #"{"ms": 40}"#)
      let paused = try await place.weir("pause", id, "--why", "disk full", with: with)
      #expect(paused.status == 0 && paused.out.hasPrefix("job \(id): paused"), "\(paused)")
      try await Self.wait(host, place, untilRunning: 0)
      let job = try await place.weir("job", id, with: with)
      #expect(job.out.contains("paused: the job is paused by local: disk full"), "\(job)")
      let priority = try await place.weir("priority", id, "-5", with: with)
      #expect(priority.out == "job \(id): priority -5\n", "\(priority)")
      let labels = try await place.weir("label", id, "mine", "nightly", with: with)
      #expect(labels.out == "job \(id): mine, nightly\n", "\(labels)")
      let fewer = try await place.weir("label", id, "--remove", "mine", with: with)
      #expect(fewer.out == "job \(id): nightly\n", "\(fewer)")
      let resumed = try await place.weir("resume", id, with: with)
      #expect(resumed.status == 0 && resumed.out.hasPrefix("job \(id): running"), "\(resumed)")
      let end = try await host.end(of: id)
      #expect(end.state == "completed" && end.stage("nap")["tasks"]?["completed"]?.intValue == 40)
    }

    @Test func `retry and rerun`() async throws {
      let place = try Place(plugins: [.noop, .broken], workflows: Self.workflows)
      let host = try await place.serve()
      let with = ["WEIR_URL": host.url]
      let id = try await host.submit("picky")
      #expect(try await host.end(of: id).state == "failed")
      let none = try await place.weir("retry", id, "--outcome", "timeout", with: with)
      #expect(none.status == 0 && none.out == "job \(id): no failed task matches\n", "\(none)")
      let retried = try await place.weir("retry", id, "--outcome", "crashed", with: with)
      #expect(retried.out == "job \(id): 1 task of use tried again; back to waiting: end\n", "\(retried)")
      let again = try await host.end(of: id)
      #expect(again.state == "failed" && again.stage("use")["tasks"]?["completed"]?.intValue == 9)
      let rerun = try await place.weir("rerun", id, "--from", "use", with: with)
      #expect(rerun.status == 0 && rerun.out == "2\n", "\(rerun)")
      let job = try await host.end(of: "2")
      #expect(job["origin"]?["job_id"]?.stringValue == id && job.stage("list")["reused_from"]?.stringValue == id)
      #expect(job.stage("use")["tasks"]?["completed"]?.intValue == 9, "\(job.serialized())")
      let lost = try await place.weir("rerun", id, "--from", "lost", with: with)
      #expect(lost.status == 1 && lost.err.contains("there is no stage \(id)/lost"), "\(lost)")
    }

    @Test func `failures, quarantines, release`() async throws {
      let place = try Place(plugins: [.noop, .broken], workflows: Self.workflows)
      let host = try await place.serve(["WEIR_QUARANTINE_AFTER": "1"])
      let with = ["WEIR_URL": host.url]
      let id = try await host.submit("picky")
      _ = try await host.program.wait("a quarantine", within: .seconds(60)) {
        try place.own.database.withConnection { try $0.query("SELECT count(*) FROM app.quarantines").one().int(0) } == 1 ? true : nil
      }
      let failures = try await place.weir("failures", id, with: with)
      #expect(
        failures.status == 0 && failures.out.contains("use: crashed, ") && failures.out.contains("  the runner crashed: SIGSEGV\n"),
        "\(failures)")
      let all = try await place.weir("failures", with: with)
      #expect(all.out.contains("picky/use in 1 job: crashed, "), "\(all)")
      let quarantines = try await place.weir("quarantines", with: with)
      #expect(
        quarantines.out.contains("org.weir.broken 1.0.0 since ") && quarantines.out.contains("runners of 1 task ended"), "\(quarantines)")
      let wrong = try await place.weir("release", "zz", with: with)
      #expect(wrong.status == 1 && wrong.err.contains("no build \"zz\" is in quarantine"), "\(wrong)")
      let hash = String(quarantines.out.prefix(12))
      let released = try await place.weir("release", hash, with: with)
      #expect(released.status == 0 && released.out.hasPrefix("released \(hash)"), "\(released)")
    }

    @Test func `cancel --now kills a handler that does not listen, and its slot works again`() async throws {
      let place = try Place(plugins: [.noop, .broken], workflows: Self.workflows)
      let host = try await place.serve(["WEIR_GRACE": "10m", "WEIR_RUNNERS": "1"])
      let with = ["WEIR_URL": host.url]
      let id = try await host.submit("deaf")
      try await Self.wait(host, place, untilRunning: 1)
      let cancelled = try await place.weir("cancel", id, "--now", with: with)
      #expect(cancelled.status == 0 && cancelled.out == "job \(id): running, being cancelled\n", "\(cancelled)")
      let job = try await host.end(of: id, within: .seconds(60))
      #expect(job.state == "cancelled")
      let next = try await host.end(of: try await host.submit("naps", #"{"ms": 0}"#), within: .seconds(60))
      #expect(next.state == "completed")
    }
  }
}
