import Database
public import Workflow

extension Limits {
  /// Sets a limit by hand, at once for all hosts; tasks that run already count from now on.
  ///
  /// It stays whatever configurations say, until `remove`.
  /// - Throws: `.invalidLimit` when the name can be neither a resource's nor a handler's.
  public func set(_ name: String, _ settings: LimitSettings, by actor: Actor) throws {
    guard LimitSettings.isName(name) else {
      throw EngineError(.invalidLimit("it is the name of neither a resource nor a handler"), subject: name)
    }
    try database.retryingTransaction { tx in
      try put([name: settings], origin: "operator", in: tx)
      try Audit.record(actor, "limit.set", subject: "limit/\(name)", details: settings.json, in: tx)
    }
  }

  /// Removes a limit, whoever set it; the next host that starts with it in its configuration brings it back.
  /// - Throws: `.noLimit`.
  public func remove(_ name: String, by actor: Actor) throws {
    try database.retryingTransaction { tx in
      guard try tx.execute("DELETE FROM limits WHERE name = \(name)") > 0 else {
        let known = try tx.query("SELECT name FROM limits").map { try $0.string(0) }
        throw EngineError(.noLimit(known: known), subject: name)
      }
      try Audit.record(actor, "limit.remove", subject: "limit/\(name)", in: tx)
    }
  }

  /// Puts what a host's configuration and its plugins' manifests say. What was set by hand stays, and so do limits that this host does
  /// not know: another may.
  /// - Parameters:
  ///   - limits: by name.
  ///   - resources: weights by resource, for each handler that the host offers; an empty one takes back what was said before.
  public func configure(_ limits: [String: LimitSettings], resources: [String: [String: Int]], by actor: Actor) throws {
    try database.retryingTransaction { tx in
      try put(resources, in: tx)
      for name in try put(limits, origin: "configuration", in: tx) {
        try Audit.record(actor, "limit.set", subject: "limit/\(name)", details: limits[name]?.json, in: tx)
      }
    }
  }

  /// Answers the names of those that are new or other than they were.
  @discardableResult
  private func put(_ limits: [String: LimitSettings], origin: String, in tx: Transaction) throws -> [String] {
    guard !limits.isEmpty else { return [] }
    // in order of name, as claims lock them
    let all = limits.sorted { $0.key < $1.key }
    let changed = try tx.query(
      """
      INSERT INTO limits AS l (name, concurrency, rate_count, rate_seconds, burst, tokens, origin)
      SELECT name, nullif(concurrency, -1), nullif(count, 0), nullif(seconds, 0), nullif(burst, 0), burst, \(origin)
      FROM unnest(\(all.map(\.key))::text[], \(all.map { $0.value.concurrency ?? -1 })::int[],
                  \(all.map { $0.value.rate?.count ?? 0 })::int[], \(all.map { $0.value.rate?.seconds ?? 0 })::int[],
                  \(all.map { $0.value.burst ?? 0 })::int[]) AS t (name, concurrency, count, seconds, burst)
      ORDER BY name
      ON CONFLICT (name) DO UPDATE SET
          concurrency = excluded.concurrency, rate_count = excluded.rate_count, rate_seconds = excluded.rate_seconds,
          burst = excluded.burst, origin = excluded.origin, changed_at = now(), counted_at = clock_timestamp(),
          tokens = CASE WHEN l.rate_count IS NULL THEN coalesce(excluded.burst, 0)
                        ELSE least(excluded.burst, coalesce(\(raw: Limits.tokens), 0)) END
      WHERE (excluded.origin = 'operator' OR l.origin = 'configuration')
        AND (l.concurrency, l.rate_count, l.rate_seconds, l.burst, l.origin)
            IS DISTINCT FROM (excluded.concurrency, excluded.rate_count, excluded.rate_seconds, excluded.burst, excluded.origin)
      RETURNING name
      """
    ).map { try $0.string(0) }
    for name in changed { try hold(name, in: tx) }
    return changed
  }

  /// Lets tasks that run already hold the limit.
  private func hold(_ name: String, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE leases l SET holds = l.holds || \(name)::text, weights = l.weights || u.weight
      FROM stages s JOIN (
          SELECT handler, weight FROM resources WHERE resource = \(name) UNION ALL SELECT \(name), 1) AS u ON u.handler = s.handler
      WHERE s.id = l.stage_id AND NOT coalesce(\(name) = ANY(l.holds), false)
      """)
  }

  private func put(_ resources: [String: [String: Int]], in tx: Transaction) throws {
    let handlers = resources.keys.sorted()
    let all = handlers.flatMap { handler in
      (resources[handler] ?? [:]).sorted { $0.key < $1.key }.map { (handler: handler, resource: $0.key, weight: $0.value) }
    }
    guard !handlers.isEmpty else { return }
    try tx.execute(
      """
      WITH said AS (
          SELECT * FROM unnest(\(all.map(\.handler))::text[], \(all.map(\.resource))::text[], \(all.map(\.weight))::int[])
              AS t (handler, resource, weight)),
      gone AS (
          DELETE FROM resources r WHERE handler = ANY(\(handlers)::text[])
            AND NOT EXISTS (SELECT FROM said WHERE said.handler = r.handler AND said.resource = r.resource))
      INSERT INTO resources AS r (handler, resource, weight) SELECT * FROM said ORDER BY handler, resource
      ON CONFLICT (handler, resource) DO UPDATE SET weight = excluded.weight WHERE r.weight <> excluded.weight
      """)
  }
}
