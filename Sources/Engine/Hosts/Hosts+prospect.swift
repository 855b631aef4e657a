import Database

/// What is left for a host that offers certain handlers.
public struct Prospect: Sendable, Hashable {
  /// Some of it can be done now, or as soon as others have done theirs.
  public var hasWork: Bool
  /// Jobs that have not ended and need one of the handlers.
  public var openJobs: Int

  public init(hasWork: Bool, openJobs: Int) {
    self.hasWork = hasWork
    self.openJobs = openJobs
  }
}

extension Hosts {
  /// What is left to do for a host that offers these handlers.
  ///
  /// There is work while a job runs, a stage of it that has not ended needs one of the handlers, and some host that is alive offers the
  /// handler of a stage that runs: it brings the job on. Jobs that are paused, or are to begin later, are no work now.
  public func prospect(handlers: [String]) throws -> Prospect {
    try database.withConnection { connection in
      let row = try connection.query(
        """
        WITH mine AS (
            SELECT j.id, j.state, j.not_before FROM jobs j
            WHERE j.finished_at IS NULL AND EXISTS (
                SELECT FROM stages s WHERE s.job_id = j.id AND s.finished_at IS NULL AND s.handler = ANY(\(handlers)::text[])))
        SELECT EXISTS (
                   SELECT FROM mine m
                   WHERE m.state = 'queued' AND m.not_before <= now()
                      OR m.state = 'running' AND EXISTS (
                          SELECT FROM stages r WHERE r.job_id = m.id AND r.state = 'running' AND EXISTS (
                              SELECT FROM offers o JOIN hosts h ON h.id = o.host_id
                              WHERE o.handler = r.handler AND h.ended_at IS NULL AND h.lease_until > now()))),
               (SELECT count(*) FROM mine)
        """
      ).one()
      return Prospect(hasWork: try row.bool(0), openJobs: try row.int(1))
    }
  }
}
