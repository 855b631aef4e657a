import Database
import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Workflow

extension `The system` {
  /// A twentieth of the size that is promised; all of it with WEIR_TEST_FULL_SIZE=1. WEIR_TEST_SEED repeats a storm.
  @Suite struct `A storm` {
    private static let share = getenv("WEIR_TEST_FULL_SIZE") == nil ? 20 : 1
    private static let tasks = 20_000 / share
    private static let kills = 200 / share
    private static let cuts = 20 / min(share, 10)

    private static let workflow = """
      {"name": "storm", "parameters": {"type": "object", "properties": {"count": {"type": "integer"}}}, "stages": [
        {"id": "list", "handler": "noop.emit", "params": {"count": "${params.count}"}},
        {"id": "note", "handler": "caller.note", "needs": ["list"], "for_each": {"items_of": "list"}, "params": {"n": "${item.n}", "ms": 20},
         "retry": {"attempts": 20, "backoff": "10ms", "cap": "20ms"}},
        {"id": "last", "handler": "noop.run", "needs": ["note"], "params": {}}]}
      """

    private enum Blow { case host, runner, cut }

    @Test func `of kills and cut connections loses nothing and counts nothing twice`() async throws {
      let seed = getenv("WEIR_TEST_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: 0...999_999)
      print("storm: seed \(seed), \(Self.tasks) tasks, \(Self.kills) kills, \(Self.cuts) cuts")
      var random = Dice(state: seed)
      let place = try Place(plugins: [.noop, .caller], workflows: [Self.workflow])
      mkdir("\(place.containers)/ledger", 0o777)
      chmod("\(place.containers)/ledger", 0o777)
      var hosts: [RunningProgram] = []
      for _ in 0..<3 { hosts.append(try work(place)) }
      let first = hosts[0]
      _ = try await first.wait("word that it works") { first.out.hasPrefix("Working as host ") ? true : nil }
      let job = try await place.submit("storm", #"{"count": \#(Self.tasks)}"#)

      var blows = (0..<Self.kills).map { $0 % 2 == 0 ? Blow.host : .runner } + Array(repeating: .cut, count: Self.cuts)
      blows.shuffle(using: &random)
      for (number, blow) in blows.enumerated() {
        try await reach(Self.tasks * (number + 1) / (blows.count + 2), of: job, place)
        let victim = Int.random(in: 0..<hosts.count, using: &random)
        switch blow {
        case .cut: try await cut(place)
        case .host:
          hosts[victim].signal(SIGKILL)
          _ = try await hosts[victim].end(within: .seconds(60))
          hosts[victim] = try work(place)
        case .runner: try await killRunner(of: hosts, first: victim, &random)
        }
        // one that gave itself up, or was cut off while it started, is started anew, as whoever supervises it does
        for index in hosts.indices where hosts[index].hasEnded {
          let output = try await hosts[index].end()
          #expect(output.status == 75 || output.err.contains("connection"), "a host ended by itself: \(output)")
          hosts[index] = try work(place)
        }
      }
      try await reach(Self.tasks, of: job, place, within: .seconds(300))
      let ended = try await place.number("SELECT count(*) FROM app.jobs WHERE finished_at IS NOT NULL AND state = 'completed'", atLeast: 1)
      #expect(ended == 1, "the job did not complete; seed \(seed)")
      for host in hosts { host.signal(SIGTERM) }
      for host in hosts { _ = try await host.end(within: .seconds(60)) }
      try await check(place, job, seed)
    }

    /// A host that no number of killed runners makes distrust a plugin.
    private func work(_ place: Place) throws -> RunningProgram { try place.program(["work"], ["WEIR_QUARANTINE_AFTER": "0"]) }

    private func check(_ place: Place, _ job: Int64, _ seed: UInt64) async throws {
      func number(_ statement: StaticString) async throws -> Int { try await Catalogue.number(statement, in: place.own) }
      #expect(
        try await number("SELECT count(*) FROM app.attempts a WHERE final AND outcome = 'completed'") == Self.tasks + 2, "seed \(seed)")
      #expect(try await number("SELECT count(*) FROM app.attempts WHERE final") == Self.tasks + 2, "seed \(seed)")
      #expect(
        try await number("SELECT count(*) FROM (SELECT 1 FROM app.attempts WHERE final GROUP BY stage_id, n HAVING count(*) > 1) t") == 0,
        "tasks ended twice; seed \(seed)")
      #expect(try await number("SELECT count(*) FROM app.ready") == 0)
      #expect(try await number("SELECT count(*) FROM app.leases") == 0)
      #expect(
        try await number(
          """
          SELECT count(*) FROM app.stage_counters c JOIN app.stages s ON s.id = c.stage_id
          WHERE (c.queued, c.retrying, c.running, c.failed, c.cancelled) IS DISTINCT FROM (0, 0, 0, 0, 0) OR c.expanded <> s.tasks_total
             OR c.completed <> (SELECT count(*) FROM app.attempts a WHERE a.stage_id = c.stage_id AND a.final AND a.outcome = 'completed')
             OR c.items <> (SELECT coalesce(sum(r.count), 0) FROM app.item_ranges r WHERE r.stage_id = c.stage_id AND r.kind = 0)
          """) == 0, "counters are not what the rows are; seed \(seed)")
      // each attempt reported before it wrote, and so did those that were killed: only winners count
      let metrics = try await onOwnThread {
        try place.own.database.withConnection { connection in
          try connection.query("SELECT name || ' ' || value FROM app.stage_totals WHERE kind = 'metric' ORDER BY name").map {
            try $0.string(0)
          }
        }
      }
      #expect(
        metrics == ["noted \(Self.tasks)", "noted_highest \(Self.tasks - 1)", "noted_numbers \(Self.tasks * (Self.tasks - 1) / 2)"],
        "seed \(seed)")
      // each winner emitted the name of what it wrote
      let noted = try await onOwnThread {
        try place.own.database.withConnection { connection in
          try connection.query(
            """
            SELECT a.n, c.body FROM app.item_ranges r JOIN app.stages s ON s.id = r.stage_id JOIN app.chunks c ON c.token = r.token AND c.kind = 0
            JOIN app.attempts a ON a.token = r.token WHERE s.name = 'note' AND r.kind = 0 AND s.job_id = \(job)
            """
          ).map { (try $0.int(0), try $0.string(1)) }
        }
      }
      #expect(noted.count == Self.tasks && Set(noted.map(\.0)).count == Self.tasks, "\(noted.count) items; seed \(seed)")
      let lost = noted.filter { n, body in
        let key = body.split(separator: "\"").dropFirst(3).first.map(String.init) ?? ""
        return !key.contains("-\(n)-") || access("\(place.containers)/ledger/\(key)", F_OK) != 0
      }
      #expect(lost.isEmpty, "\(lost.count) effects are not in the ledger, such as \(lost.first.map { "\($0)" } ?? ""); seed \(seed)")
      let outcomes = try await onOwnThread {
        try place.own.database.withConnection { connection in
          try connection.query("SELECT outcome || ' ' || count(*) FROM app.attempts GROUP BY outcome ORDER BY outcome").map {
            try $0.string(0)
          }
        }
      }
      print("storm: \(outcomes.joined(separator: ", "))")
    }

    private func killRunner(of hosts: [RunningProgram], first: Int, _ random: inout Dice) async throws {
      for offset in hosts.indices {
        let runners = Processes.children(of: hosts[(first + offset) % hosts.count].pid).sorted()
        guard let runner = runners.randomElement(using: &random) else { continue }
        kill(pid_t(runner), SIGKILL)
        return
      }
    }

    /// Ends every session of the database but those of this test.
    private func cut(_ place: Place) async throws {
      _ = try await Catalogue.number(
        """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
        """, in: place.own)
    }

    /// Waits until so many tasks have ended.
    private func reach(_ count: Int, of job: Int64, _ place: Place, within limit: Duration = .seconds(120)) async throws {
      let reached = try await place.number(
        """
        SELECT coalesce((SELECT c.completed FROM app.stages s JOIN app.stage_counters c ON c.stage_id = s.id
                         WHERE s.name = 'note' AND s.job_id = \(job)), 0)
        """, atLeast: count, within: Int(limit / .seconds(1)))
      try #require(reached >= count, "no more than \(reached) tasks ended")
    }
  }
}

/// Numbers that look random and are the same for the same seed.
private struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
