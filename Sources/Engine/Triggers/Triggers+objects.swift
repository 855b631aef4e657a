import Database
import Workflow

// What the leader sees in containers: it lists them outside of any transaction, and hands in page by page.
extension Triggers {
  /// Looks that are due, the longest first.
  public func looks(limit: Int = 16) throws -> [ObjectLook] {
    try database.withConnection { connection in
      try connection.query(
        """
        SELECT id, name, settings, page FROM triggers WHERE kind = 'objects' AND paused_at IS NULL AND next_at <= now()
        ORDER BY next_at, id LIMIT \(limit)
        """
      ).compactMap { row in
        let settings = try TriggerSettings(JSON(parsing: Array(row.string(2).utf8)))
        guard case .objects(let source) = settings.source else { return nil }
        return ObjectLook(trigger: Int64(try row.int(0)), name: try row.string(1), source: source, page: try row.stringOrNil(3))
      }
    }
  }

  /// Decides what a page of a walk shows; answers how many events were new, nil when another host was quicker or somebody changed it.
  ///
  /// Each object is compared with what stood under its key at the walk before. The first whole walk takes what it finds for known, but for
  /// what was changed since the trigger is there.
  /// - Parameter next: where the walk goes on; nil: this was its last page.
  public func take(_ objects: [SeenObject], of look: ObjectLook, next: String?) throws -> Int? {
    try database.retryingTransaction { tx in
      guard let turn = try turn(look.trigger, in: tx), turn.settings.source == .objects(look.source), turn.page == look.page else {
        return nil
      }
      let walk = try walk(of: turn, in: tx)
      var found: [String: (version: String, event: TriggerEvent)] = [:]
      for object in objects {
        let (etag, size, modified) = (object.etag, object.size, object.modified)
        guard let event = look.source.event(key: object.key, etag: etag, size: size, modified: modified) else { continue }
        found[object.key] = (look.source.version(etag: etag, size: size, modified: modified), event)
      }
      let new = try note(found.mapValues(\.version), turn.id, in: tx)
      let after = try forget(walk, among: objects.map(\.key), standing: Array(found.keys), isLast: next == nil, turn.id, in: tx)
      try tx.execute(
        """
        UPDATE triggers SET page = \(next), page_after = CASE WHEN \(next != nil) THEN \(after) END, error = NULL,
            known_at = CASE WHEN \(next == nil && walk.isFirst) THEN now() ELSE known_at END,
            looked_at = CASE WHEN \(next != nil) THEN looked_at ELSE now() END,
            next_at = CASE WHEN \(next != nil) THEN next_at ELSE now() + \(look.source.every) END
        WHERE id = \(turn.id)
        """)
      let events = objects.filter { new.contains($0.key) && walk.tells(of: $0) }.compactMap { found[$0.key]?.event }
      return try take(events, turn, in: tx)
    }
  }

  /// How a walk stands.
  private struct Walk {
    /// No whole one has ended since the trigger waits for what it waits for.
    var isFirst: Bool
    /// Seconds since 1970: since when it does.
    var since: Double
    /// The last key of the pages before; nil: their keys came in no order.
    var after: String?

    /// Whether an object that was not known is an event. Many stores tell whole seconds only.
    func tells(of object: SeenObject) -> Bool {
      !isFirst || object.modified >= (object.modified == object.modified.rounded(.down) ? since.rounded(.down) : since)
    }
  }

  private func walk(of turn: Turn, in tx: Transaction) throws -> Walk {
    let row = try tx.query(
      """
      SELECT coalesce(known_at < since_at, true), extract(epoch FROM since_at)::float8, page_after FROM triggers WHERE id = \(turn.id)
      """
    ).one()
    return Walk(isFirst: try row.bool(0), since: try row.double(1), after: turn.page == nil ? "" : try row.stringOrNil(2))
  }

  /// Keeps what objects are; answers the keys of those that are new, or another than they were. What is as it was is not written.
  private func note(_ versions: [String: String], _ trigger: Int64, in tx: Transaction) throws -> Set<String> {
    guard !versions.isEmpty else { return [] }
    let (keys, values) = (Array(versions.keys), Array(versions.values))
    return Set(
      try tx.query(
        """
        INSERT INTO trigger_objects AS o (trigger_id, key, version)
        SELECT \(trigger), n.key, n.version FROM unnest(\(keys)::text[], \(values)::text[]) AS n (key, version)
        WHERE NOT EXISTS (SELECT FROM trigger_objects k WHERE k.trigger_id = \(trigger) AND k.key = n.key AND k.version = n.version)
        ON CONFLICT (trigger_id, key) DO UPDATE SET version = excluded.version RETURNING key
        """
      ).map { try $0.string(0) })
  }

  /// Forgets objects that do not stand any more where this page passed; answers its last key. Of keys in no order nothing is forgotten.
  private func forget(
    _ walk: Walk, among keys: [String], standing: [String], isLast: Bool, _ trigger: Int64, in tx: Transaction
  ) throws -> String? {
    guard let after = walk.after else { return nil }
    let passed = [after] + keys
    guard zip(passed, keys).allSatisfy({ $0.utf8.lexicographicallyPrecedes($1.utf8) }) else { return nil }
    let last = keys.last ?? after
    try tx.execute(
      """
      DELETE FROM trigger_objects o WHERE trigger_id = \(trigger) AND key > \(after) AND (\(isLast) OR key <= \(last))
        AND NOT EXISTS (SELECT FROM unnest(\(standing)::text[]) AS s (key) WHERE s.key = o.key)
      """)
    return last
  }

  /// Keeps why a container could not be looked at; the next look begins anew.
  public func fail(_ look: ObjectLook, _ why: String) throws {
    _ = try database.withConnection { connection in
      try connection.execute(
        """
        UPDATE triggers SET error = \(String(Redaction.byForm.text(why).prefix(500))), page = NULL, page_after = NULL,
            next_at = now() + \(look.source.every)
        WHERE id = \(look.trigger) AND page IS NOT DISTINCT FROM \(look.page)
        """)
    }
  }
}
