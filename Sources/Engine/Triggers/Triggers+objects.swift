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
  /// The watermark moves at the end of a walk, to `lookback` before the newest object of it: what is older has been seen by then.
  /// - Parameter next: where the walk goes on; nil: this was its last page.
  public func take(_ objects: [SeenObject], of look: ObjectLook, next: String?) throws -> Int? {
    try database.retryingTransaction { tx in
      guard let turn = try turn(look.trigger, in: tx), turn.settings.source == .objects(look.source), turn.page == look.page else {
        return nil
      }
      let events = objects.filter { $0.modified >= turn.watermark }.compactMap {
        look.source.event(key: $0.key, etag: $0.etag, size: $0.size, modified: $0.modified)
      }
      let newest = objects.map(\.modified).max()
      try tx.execute(
        """
        UPDATE triggers SET page = \(next), error = NULL,
            newest_at = CASE WHEN \(next != nil) THEN greatest(newest_at, to_timestamp(\(newest))) END,
            watermark = CASE WHEN \(next != nil) THEN watermark
                ELSE greatest(watermark, least(greatest(newest_at, to_timestamp(\(newest))), now()) - \(look.source.lookback)) END,
            looked_at = CASE WHEN \(next != nil) THEN looked_at ELSE now() END,
            next_at = CASE WHEN \(next != nil) THEN next_at ELSE now() + \(look.source.every) END
        WHERE id = \(turn.id)
        """)
      return try take(events, turn, in: tx)
    }
  }

  /// Keeps why a container could not be looked at; the next look begins anew.
  public func fail(_ look: ObjectLook, _ why: String) throws {
    _ = try database.withConnection { connection in
      try connection.execute(
        """
        UPDATE triggers SET error = \(String(Redaction.byForm.text(why).prefix(500))), page = NULL, newest_at = NULL,
            next_at = now() + \(look.source.every)
        WHERE id = \(look.trigger) AND page IS NOT DISTINCT FROM \(look.page)
        """)
    }
  }
}
