import Database
public import Workflow

extension Alerts {
  /// Alerts, the latest first.
  /// - Parameter openOnly: without those whose cause is gone.
  public func list(openOnly: Bool, after: Int64? = nil, limit: Int = 50) throws -> Page<Alert> {
    let rows = try database.withConnection { connection in
      try connection.query(
        """
        SELECT \(raw: Alert.columns) FROM alerts a
        WHERE (NOT \(openOnly) OR a.cleared_at IS NULL) AND a.id < coalesce(\(after), 9223372036854775807)
        ORDER BY a.id DESC LIMIT \(limit + 1)
        """
      ).map { try Alert($0) }
    }
    return Page(elements: Array(rows.prefix(limit)), next: rows.count > limit ? rows[..<limit].last.map { "\($0.id)" } : nil)
  }

  /// What webhooks were told, or are to be told, the latest first.
  public func deliveries(
    webhook: String? = nil, state: AlertDelivery.State? = nil, after: Int64? = nil, limit: Int = 50
  ) throws -> Page<AlertDelivery> {
    let rows = try database.withConnection { connection in
      try connection.query(
        """
        SELECT \(raw: AlertDelivery.columns) FROM alert_deliveries d JOIN alerts a ON a.id = d.alert_id
        WHERE (\(webhook)::text IS NULL OR d.webhook = \(webhook)) AND (\(state?.rawValue)::text IS NULL OR d.state = \(state?.rawValue))
          AND d.id < coalesce(\(after), 9223372036854775807)
        ORDER BY d.id DESC LIMIT \(limit + 1)
        """
      ).map { try AlertDelivery($0) }
    }
    return Page(elements: Array(rows.prefix(limit)), next: rows.count > limit ? rows[..<limit].last.map { "\($0.id)" } : nil)
  }

  /// How each of these webhooks fares, for a checkup.
  public func findings(of webhooks: [String]) throws -> [Finding] {
    let counts = try database.withConnection { connection in
      try connection.query(
        """
        SELECT webhook, count(*) FILTER (WHERE state = 'given_up' AND ended_at > now() - interval '1 day'),
               count(*) FILTER (WHERE state = 'waiting' AND tries > 0)
        FROM alert_deliveries GROUP BY webhook
        """
      ).map { (try $0.string(0), try $0.int(1), try $0.int(2)) }
    }
    let hint = "`weir alerts --deliveries` says what its server answered."
    return webhooks.sorted().map { name in
      let (givenUp, waiting) = counts.first { $0.0 == name }.map { ($0.1, $0.2) } ?? (0, 0)
      let subject = "webhooks.\(name).deliveries"
      if givenUp > 0 { return Finding(.error, subject, "\(givenUp) alerts of the last day never reached it.", hint: hint) }
      if waiting > 0 { return Finding(.warning, subject, "\(waiting) alerts have not reached it yet.", hint: hint) }
      return Finding(.fine, subject, "nothing waits")
    }
  }
}
