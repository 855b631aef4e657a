import Database

// Apart from the claim because only a host that has lost a connection asks.
extension Queue {
  /// The tasks that a host holds. When a connection was lost in a claim, the claim may stand and the host not know of it.
  public func held(by host: Int64) throws -> [ClaimedTask] {
    try database.withConnection { connection in
      try connection.query(
        "SELECT token, stage_id, n, attempt, failures, kills FROM leases WHERE host_id = \(host) ORDER BY token"
      ).map { row in
        ClaimedTask(
          token: Int64(try row.int(0)), stageID: Int64(try row.int(1)), n: try row.int(2), attempt: try row.int(3),
          failures: try row.int(4), kills: try row.int(5))
      }
    }
  }
}
