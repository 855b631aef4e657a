import Database

/// An attempt that is to be stopped, because its job is cancelled.
public struct Cancelling: Sendable, Hashable {
  public var token: Int64
  public var stop: Control.Stop

  public init(token: Int64, stop: Control.Stop) {
    self.token = token
    self.stop = stop
  }
}

extension Jobs {
  /// The attempts of a host whose job is to be cancelled.
  public func cancelling(host: Int64) throws -> [Cancelling] {
    try database.withConnection { connection in
      try connection.query(
        """
        SELECT l.token, j.cancel_now FROM jobs j JOIN stages s ON s.job_id = j.id JOIN leases l ON l.stage_id = s.id
        WHERE j.cancel_requested_at IS NOT NULL AND j.finished_at IS NULL AND l.host_id = \(host)
        """
      ).map { Cancelling(token: Int64(try $0.int(0)), stop: try $0.bool(1) ? .now : .asking) }
    }
  }
}
