import Database
public import Workflow

/// What needs attention, kept from when to when, and told to webhooks: once when it is raised, and once when it is cleared.
///
/// The host that leads observes and delivers. What is sent is made in the transaction that raises or clears, so it does not matter when
/// that host dies: at worst a message is sent again under the same id.
public final class Alerts: Sendable {
  let database: Database
  private let metrics: Metrics
  private let leader: Leader

  /// What is gone for so long is cleared: what comes and goes is told once.
  static let clearsAfter: Duration = .seconds(60)
  /// How long a cleared alert is kept, and how many of them.
  private static let (kept, mostKept): (Duration, Int) = (.seconds(30 * 86_400), 10_000)
  /// How many can be open: more say nothing more to a person.
  private static let mostOpen = 500
  /// How long a try may take before another host does it again.
  private static let turn: Duration = .seconds(60)

  init(database: Database, metrics: Metrics, leader: Leader) {
    self.database = database
    self.metrics = metrics
    self.leader = leader
  }

  /// Takes in what needs attention now; answers how many alerts were raised or cleared.
  /// - Parameter webhooks: the kinds that each is told.
  @discardableResult
  public func observe(_ webhooks: [String: Set<Attention.Kind>], _ term: Leader.Term) throws -> Int {
    let found = Array(try metrics.attention().prefix(Self.mostOpen))
    return try database.retryingTransaction { tx in
      guard try leader.confirm(term, in: tx) else { return 0 }
      let told = webhooks.flatMap { name, kinds in kinds.map { (name: name, kind: $0.rawValue) } }
      let raised = try raise(found, told.map(\.name), told.map(\.kind), in: tx)
      let cleared = try clear(besides: found.map(\.key), Array(webhooks.keys), in: tx)
      try forget(in: tx)
      return raised + cleared
    }
  }

  private func raise(_ found: [Attention], _ names: [String], _ kinds: [String], in tx: Transaction) throws -> Int {
    guard !found.isEmpty else { return 0 }
    try tx.execute(
      """
      UPDATE alerts SET seen_at = now()
      WHERE cleared_at IS NULL AND key = ANY(\(found.map(\.key))::text[]) AND seen_at < now() - \(Self.clearsAfter / 4)
      """)
    return try tx.query(
      """
      WITH raised AS (
          INSERT INTO alerts (key, kind, attention)
          SELECT * FROM unnest(\(found.map(\.key))::text[], \(found.map(\.kind.rawValue))::text[],
                               \(found.map { $0.json.serialized() })::text[])
          ON CONFLICT (key) WHERE cleared_at IS NULL DO NOTHING RETURNING id, kind),
      told AS (
          INSERT INTO alert_deliveries (alert_id, webhook, event)
          SELECT r.id, w.name, 'raised' FROM raised r JOIN unnest(\(names)::text[], \(kinds)::text[]) AS w (name, kind) ON w.kind = r.kind)
      SELECT count(*) FROM raised
      """
    ).one().int(0)
  }

  /// Who was told of the rise, and has not refused it, is told of the end.
  private func clear(besides keys: [String], _ webhooks: [String], in tx: Transaction) throws -> Int {
    try tx.query(
      """
      WITH cleared AS (
          UPDATE alerts SET cleared_at = now()
          WHERE cleared_at IS NULL AND NOT key = ANY(\(keys)::text[]) AND seen_at < now() - \(Self.clearsAfter) RETURNING id),
      told AS (
          INSERT INTO alert_deliveries (alert_id, webhook, event)
          SELECT d.alert_id, d.webhook, 'cleared' FROM cleared c JOIN alert_deliveries d ON d.alert_id = c.id
          WHERE d.event = 'raised' AND d.state <> 'given_up' AND d.webhook = ANY(\(webhooks)::text[]))
      SELECT count(*) FROM cleared
      """
    ).one().int(0)
  }

  private func forget(in tx: Transaction) throws {
    try tx.execute(
      """
      DELETE FROM alerts WHERE id = ANY(ARRAY(
          SELECT id FROM alerts WHERE cleared_at IS NOT NULL
            AND cleared_at <= greatest(now() - \(Self.kept), (
                SELECT cleared_at FROM alerts WHERE cleared_at IS NOT NULL ORDER BY cleared_at DESC OFFSET \(Self.mostKept) LIMIT 1))
          ORDER BY cleared_at LIMIT 1000))
      """)
  }

  /// Deliveries to try now, by these webhooks; each is the caller's for a minute, and counts as tried.
  ///
  /// Of an alert whose rise a webhook has not heard yet, the end waits.
  public func claim(_ webhooks: [String], limit: Int = 16, _ term: Leader.Term) throws -> [AlertDelivery] {
    try database.retryingTransaction { tx in
      guard try leader.confirm(term, in: tx) else { return [] }
      return try tx.query(
        """
        UPDATE alert_deliveries d SET tries = d.tries + 1, next_at = now() + \(Self.turn) FROM alerts a
        WHERE a.id = d.alert_id AND d.id = ANY(ARRAY(
            SELECT w.id FROM alert_deliveries w
            WHERE w.state = 'waiting' AND w.next_at <= now() AND w.webhook = ANY(\(webhooks)::text[])
              AND NOT EXISTS (SELECT FROM alert_deliveries e WHERE e.alert_id = w.alert_id AND e.webhook = w.webhook
                              AND e.event = 'raised' AND e.state = 'waiting' AND e.id < w.id)
            ORDER BY w.next_at, w.id LIMIT \(limit) FOR UPDATE SKIP LOCKED))
        RETURNING \(raw: AlertDelivery.columns)
        """
      ).map { try AlertDelivery($0) }.sorted { $0.id < $1.id }
    }
  }

  /// Keeps what came of a try.
  public func settle(_ delivery: AlertDelivery, _ answer: DeliveryRetry.Answer, _ verdict: DeliveryRetry.Verdict) throws {
    var (state, wait) = (AlertDelivery.State.waiting, Duration.zero)
    switch verdict {
    case .delivered: state = .delivered
    case .givenUp: state = .givenUp
    case .again(let after): wait = after
    }
    let error = answer.fault.map { String(Redaction.byForm.text($0).prefix(500)) }
    _ = try database.withConnection { connection in
      try connection.execute(
        """
        UPDATE alert_deliveries SET state = \(state.rawValue), status = \(answer.status), error = \(error), next_at = now() + \(wait),
            ended_at = CASE WHEN \(state == .waiting) THEN NULL ELSE now() END
        WHERE id = \(delivery.id) AND state = 'waiting'
        """)
    }
  }
}
