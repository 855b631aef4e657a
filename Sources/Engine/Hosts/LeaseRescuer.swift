import Database
import Workflow

/// Takes over the tasks of hosts that are gone.
public final class LeaseRescuer: Sendable {
  private let database: Database
  private let queue: Queue
  /// Leases ended in one transaction.
  private let chunk = 1_000

  init(database: Database, queue: Queue) {
    self.database = database
    self.queue = queue
  }

  /// Gives up hosts whose lease has run out, and those of this machine whose process is known to be gone; then ends
  /// their attempts as `lost`. Answers how many tasks that were.
  ///
  /// Any number of hosts may call it at once. An attempt that was lost counts against nothing; only an idempotent
  /// handler is tried again.
  public func rescue(seenFrom here: HostIdentity) throws -> Int {
    try giveUp(seenFrom: here)
    var rescued = 0
    while true {
      let completions = try abandoned()
      guard !completions.isEmpty else { return rescued }
      // what another rescuer took first is stale here
      rescued += completions.count - (try queue.complete(completions, host: 0).stale.count)
    }
  }

  private func giveUp(seenFrom here: HostIdentity) throws {
    let gone = try database.withConnection { connection in
      try connection.query(
        """
        SELECT id, name, machine, pid, process FROM hosts
        WHERE ended_at IS NULL AND machine = \(here.machine) AND NOT (pid = \(here.pid) AND process = \(here.process))
        """
      ).compactMap { row -> Int? in
        let identity = HostIdentity(
          name: try row.string(1), machine: try row.string(2), pid: try row.int(3), process: try row.string(4))
        return identity.isGone(seenFrom: here) ? try row.int(0) : nil
      }
    }
    try database.withConnection { connection in
      try connection.execute(
        """
        UPDATE hosts SET ended_at = now(), ended_why = 'lost'
        WHERE ended_at IS NULL AND (lease_until < now() OR id = ANY(\(gone)::bigint[]))
        """)
    }
  }

  private func abandoned() throws -> [Completion] {
    try database.withConnection { connection in
      let rows = try connection.query(
        """
        SELECT l.token, l.stage_id, l.n, l.attempt, l.failures, l.kills, h.name, s.job_id, s.name, s.handler,
               least(coalesce(s.batch, 1), coalesce(s.items_total - l.n::bigint * coalesce(s.batch, 1), 1)),
               coalesce((SELECT (d.description ->> 'flags')::int & 1 = 1 FROM handlers d
                         WHERE d.name = s.handler ORDER BY d.seen_at DESC LIMIT 1), false)
        FROM leases l JOIN hosts h ON h.id = l.host_id JOIN stages s ON s.id = l.stage_id
        WHERE h.ended_at IS NOT NULL ORDER BY l.token LIMIT \(chunk)
        """)
      return try rows.map { row in
        let task = ClaimedTask(
          token: Int64(try row.int(0)), stageID: Int64(try row.int(1)), n: try row.int(2), attempt: try row.int(3),
          failures: try row.int(4), kills: try row.int(5))
        let isIdempotent = try row.bool(11)
        var completion = Completion(
          task: task, end: .lost, verdict: isIdempotent ? .again(after: .zero, isCounted: false) : .failed)
        let name = "handler \"\(try row.string(9))\", task \(try row.int(7))/\(try row.string(8))/\(task.n)"
        completion.message =
          "\(name): its host \"\(try row.string(6))\" ended while it ran"
          + (isIdempotent ? "" : "; the handler is not idempotent, so it is not tried again")
        completion.itemsOfTask = try row.int(10)
        return completion
      }
    }
  }
}
