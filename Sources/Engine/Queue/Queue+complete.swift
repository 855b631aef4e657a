import Database
import Workflow

/// What a batch of completions led to.
public struct CompletionAnswer: Sendable {
  /// Completions of attempts that were no longer the task's: nothing of them was stored.
  public var stale: [Completion] = []
  /// Tasks of stages that these completions opened, already claimed for the host that asked.
  public var claimed: [ClaimedTask] = []
  /// The plans of their stages, which need not be read again.
  public var plans: [StagePlan] = []
  /// Jobs that ended.
  public var endedJobs: [Int64] = []
  /// Whether there is work that was not claimed here: other hosts may be told.
  public var openedMore = false
}

extension Queue {
  /// Stores a batch of outcomes and carries out what follows: counters, items, the next stages, the end of jobs.
  ///
  /// One transaction: either all of it is there or nothing. A completion whose token is stale changes nothing and is
  /// answered in `stale`. Repeats are harmless for the same reason. Serialization failures are tried again inside.
  /// - Parameters:
  ///   - limit: how many tasks of newly opened stages the host takes at once, of handlers that it offers.
  public func complete(
    _ completions: [Completion], host: Int64, handlers: Set<String> = [], claiming limit: Claimable = 0
  ) throws -> CompletionAnswer {
    guard !completions.isEmpty else { return CompletionAnswer() }
    defer { pauses.ended(completions.lazy.map(\.task.stageID)) }
    return try database.retryingTransaction { tx in
      try store(completions, host: host, handlers: handlers, claiming: limit, in: tx)
    }
  }

  /// As `complete`, in the caller's transaction.
  func store(
    _ completions: [Completion], host: Int64, handlers: Set<String> = [], claiming limit: Claimable = 0, in tx: Transaction
  ) throws -> CompletionAnswer {
    var answer = CompletionAnswer()
    var kept = eachTokenOnce(completions, others: &answer.stale)
    let failures = kept.compactMap(Failure.init)
    let current = try end(kept, failures, in: tx)
    if current.count < kept.count {
      answer.stale += kept.filter { !current.contains($0.task.token) }
      kept = kept.filter { current.contains($0.task.token) }
    }
    guard !kept.isEmpty else { return answer }
    let touched = try move(StageDeltas.of(kept), in: tx)
    let failed = failures.filter { current.contains($0.completion.task.token) }
    try Failures(failed, quarantineAfter: quarantineAfter).store(in: tx)
    try discardChunks(of: kept, in: tx)
    try Emissions(kept).publish(after: touched, in: tx)
    try TotalDeltas(kept).store(in: tx)
    var opened: [OpenedStage] = []
    for counters in touched where counters.isDone {
      let result = kept.last { $0.task.stageID == counters.stageID && $0.verdict == .completed }?.result
      let advance = try stages.close(counters, result: result, in: tx)
      opened += advance.opened
      answer.endedJobs += advance.endedJobs
    }
    for counters in try cancelling(touched, kept, in: tx) {
      answer.endedJobs += try stages.purge(counters, in: tx).endedJobs
    }
    var left = limit
    for stage in opened {
      let room = handlers.contains(stage.handler) ? left.room(for: stage.handler) : 0
      let tasks = room > 0 ? try claim(stage: stage.plan.stageID, host: host, limit: room, in: tx) : []
      left.take(tasks.count, of: stage.handler)
      answer.claimed += tasks
      if !tasks.isEmpty { answer.plans.append(stage.plan) }
      answer.openedMore = answer.openedMore || tasks.count < stage.plan.tasksTotal
    }
    return answer
  }

  /// The completions without repeats of a token, of which the first counts.
  private func eachTokenOnce(_ completions: [Completion], others: inout [Completion]) -> [Completion] {
    var seen: Set<Int64> = []
    let once = completions.filter { seen.insert($0.task.token).inserted }
    guard once.count < completions.count else { return completions }
    seen.removeAll()
    others += completions.filter { !seen.insert($0.task.token).inserted }
    return once
  }

  /// The stages that are to be cancelled and have something left to take out of the queue.
  ///
  /// `move` sees the job as it was when its statement began, but a cancel may have gone before it while it waited for
  /// the counters. That matters only where it put tasks back into the queue.
  private func cancelling(
    _ touched: [StageCounters], _ kept: [Completion], in tx: Transaction
  ) throws -> [StageCounters] {
    let again = Set(kept.filter { !$0.isFinal }.map(\.task.stageID))
    let open = touched.filter { !$0.isDone && ($0.isCancelling || again.contains($0.stageID)) }
    guard open.contains(where: { !$0.isCancelling }) else { return open }
    let rows = try tx.query(
      """
      SELECT id FROM jobs
      WHERE id = ANY(\(open.map { Int($0.jobID) })::bigint[]) AND cancel_requested_at IS NOT NULL
      """)
    let jobs = Set(try rows.map { Int64(try $0.int(0)) })
    return open.filter { jobs.contains($0.jobID) }
  }

  /// Notes the attempts that left chunks and did not win; `ItemSpool.clean` removes the chunks.
  private func discardChunks(of kept: [Completion], in tx: Transaction) throws {
    let losers = kept.filter { $0.verdict != .completed }.map { Int($0.task.token) }
    guard !losers.isEmpty else { return }
    try tx.execute(
      """
      INSERT INTO discarded (token)
      SELECT token FROM unnest(\(losers)::bigint[]) AS l (token)
      WHERE EXISTS (SELECT FROM chunks c WHERE c.token = l.token) ON CONFLICT DO NOTHING
      """)
  }

  /// Ends the leases and stores attempts and retries; answers the tokens that were still good.
  private func end(_ completions: [Completion], _ failures: [Failure], in tx: Transaction) throws -> Set<Int64> {
    let fingerprints = Dictionary(failures.map { ($0.completion.task.token, $0.fingerprint.id) }) { first, _ in first }
    let tokens = completions.map { Int($0.task.token) }
    let rows = try tx.query(
      """
      WITH told AS (
          SELECT * FROM unnest(
              \(tokens)::bigint[], \(completions.map(\.end.rawValue))::text[], \(completions.map(\.isFinal))::boolean[],
              \(completions.map { $0.message ?? "" })::text[], \(completions.map { $0.details ?? "" })::text[],
              \(completions.map { $0.storedResult })::text[], \(completions.map(\.wall.microseconds))::bigint[],
              \(completions.map(\.cpu.microseconds))::bigint[], \(completions.map(\.peakRSSKiB))::bigint[],
              \(completions.map(\.delayMilliseconds))::float8[], \(completions.map(\.isCounted))::boolean[],
              \(completions.map { fingerprints[$0.task.token] ?? "" })::text[])
              AS t (token, outcome, final, message, details, result, wall_us, cpu_us, peak_rss_kb, delay_ms, counted, fingerprint)),
      ended AS (
          DELETE FROM leases WHERE token = ANY(\(tokens)::bigint[])
          RETURNING token, stage_id, n, host_id, attempt, failures, kills, claimed_at),
      kept AS (
          INSERT INTO attempts (stage_id, n, attempt, token, host_id, final, outcome, message, details, result,
                                claimed_at, wall_us, cpu_us, peak_rss_kb, fingerprint)
          SELECT e.stage_id, e.n, e.attempt, e.token, e.host_id, t.final, t.outcome, nullif(t.message, ''),
                 nullif(t.details, ''), nullif(t.result, ''), e.claimed_at, t.wall_us, t.cpu_us, t.peak_rss_kb,
                 nullif(t.fingerprint, '')
          FROM ended e JOIN told t USING (token) WHERE t.outcome <> 'returned'),
      again AS (
          INSERT INTO ready (stage_id, n, due_at, attempt, failures, kills)
          SELECT e.stage_id, e.n, now() + t.delay_ms * interval '1 millisecond',
                 e.attempt - (t.outcome = 'returned')::int, e.failures + t.counted::int,
                 e.kills + (t.counted AND t.outcome IN ('crashed', 'memory', 'protocol'))::int
          FROM ended e JOIN told t USING (token) WHERE t.delay_ms >= 0),
      reported AS (DELETE FROM progress WHERE token = ANY(\(tokens)::bigint[]))
      SELECT token FROM ended
      """)
    return Set(try rows.map { Int64(try $0.int(0)) })
  }

  /// Moves the counters of the stages; the rows stay locked until the transaction ends.
  private func move(_ deltas: [StageDeltas], in tx: Transaction) throws -> [StageCounters] {
    let rows = try tx.query(
      """
      UPDATE stage_counters c SET
          running = c.running + d.running, retrying = c.retrying + d.retrying, queued = c.queued + d.queued,
          completed = c.completed + d.completed, failed = c.failed + d.failed, cancelled = c.cancelled + d.cancelled,
          items = c.items + d.items, rejects = c.rejects + d.rejects, failed_items = c.failed_items + d.failed_items
      FROM unnest(\(deltas.map { Int($0.stageID) })::bigint[], \(deltas.map(\.running))::int[],
                  \(deltas.map(\.retrying))::int[], \(deltas.map(\.queued))::int[], \(deltas.map(\.completed))::int[],
                  \(deltas.map(\.failed))::int[], \(deltas.map(\.cancelled))::int[], \(deltas.map(\.items))::bigint[],
                  \(deltas.map(\.rejects))::bigint[], \(deltas.map(\.failedItems))::bigint[])
           AS d (stage_id, running, retrying, queued, completed, failed, cancelled, items, rejects, failed_items),
           stages s, jobs j
      WHERE c.stage_id = d.stage_id AND s.id = c.stage_id AND j.id = s.job_id
      RETURNING \(raw: StageCounters.columns)
      """)
    return try rows.map { try StageCounters($0) }
  }
}

extension Completion {
  fileprivate var isFinal: Bool {
    if case .again = verdict { false } else { true }
  }

  fileprivate var isCounted: Bool {
    if case .again(_, let isCounted) = verdict { isCounted } else { false }
  }

  /// -1: not tried again.
  fileprivate var delayMilliseconds: Double {
    if case .again(let delay, _) = verdict { Double(delay.microseconds) / 1000 } else { -1 }
  }

  fileprivate var storedResult: String {
    guard let result, result != "{}" else { return "" }
    return result
  }
}

extension Duration {
  var microseconds: Int {
    let (seconds, attoseconds) = components
    return Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
  }
}
