import Database
import Glibc
import Synchronization
import TestSupport
import Testing
import Workflow

extension `The system` {
  /// A twentieth of the size that is promised; all of it with WEIR_TEST_FULL_SIZE=1.
  @Suite struct `A large job` {
    private static let share = getenv("WEIR_TEST_FULL_SIZE") == nil ? 20 : 1
    private static let memoryLimitKiB = 200 << 10

    private static let many = """
      {"name": "many", "parameters": {"type": "object", "properties": {"count": {"type": "integer"}}}, "stages": [
        {"id": "list", "handler": "noop.emit", "params": {"count": "${params.count}"}},
        {"id": "each", "handler": "noop.run", "needs": ["list"], "for_each": {"items_of": "list"}, "params": {"n": "${item.n}"}}]}
      """
    private static let emitting = """
      {"name": "emitting", "parameters": {"type": "object", "properties": {"count": {"type": "integer"}}}, "stages": [
        {"id": "list", "handler": "noop.emit", "params": {"count": "${params.count}", "size": 1000}}]}
      """

    @Test func `of 100,000 tasks finishes in little memory and short transactions`() async throws {
      let count = 100_000 / Self.share
      let job = try await measured("many", Self.many, count: count)
      #expect(job.stage("each")["tasks"]?["completed"]?.intValue == count)
    }

    @Test func `of one task that emits a million items does too`() async throws {
      let count = 1_000_000 / Self.share
      let job = try await measured("emitting", Self.emitting, count: count)
      #expect(job.stage("list")["items"]?.intValue == count)
    }

    private func measured(_ name: String, _ workflow: String, count: Int) async throws -> JSON {
      let place = try Place(plugins: [.noop], workflows: [workflow])
      let host = try await place.serve()
      let id = try await host.submit(name, #"{"count": \#(count)}"#)
      let start = ContinuousClock.now
      let longest = Mutex(0.0)
      let peak = try await host.program.wait("end of job \(id)", within: .seconds(900), every: .milliseconds(50)) {
        let (state, age) = try place.own.database.withConnection { connection in
          let row = try connection.query(
            """
            SELECT (SELECT state FROM app.jobs WHERE id = \(Int(id) ?? 0)) AS state,
                   coalesce((SELECT max(extract(epoch FROM clock_timestamp() - xact_start)) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
                      AND state <> 'idle'), 0)::float8 AS age
            """
          ).one()
          return (try row.string("state"), try row.double("age"))
        }
        longest.withLock { $0 = max($0, age) }
        return JobState(rawValue: state)?.isFinal == true ? Processes.peakKiB(host.program.pid) : nil
      }
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let transaction = longest.withLock { $0 }
      if Self.share == 1 {
        print("\(name) of \(count): \(seconds) s, peak of the host \(peak / 1024) MiB, longest transaction seen \(transaction) s")
      }
      #expect(peak > 0 && peak < Self.memoryLimitKiB, "the host's peak is \(peak / 1024) MiB")
      #expect(transaction < 1, "a transaction lasted \(transaction) s")
      let job = try await host.end(of: id)
      #expect(job.state == "completed", "\(job.serialized())")
      return job
    }
  }
}
