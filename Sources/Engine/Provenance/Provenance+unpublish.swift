import Database
import Workflow

extension Provenance {
  /// The workflow that takes a collection back.
  public static let workflow = "unpublish_collection"

  /// Submits the job that takes a collection back, or only lists what it would remove.
  ///
  /// While one that removes runs, it is answered instead of a second.
  /// - Throws: `.noCollection` when nothing of it is known; `.collectionInUse` while another job writes it; as `Jobs.submit`.
  public func unpublish(_ collection: String, dryRun: Bool, by actor: Actor) throws -> Submitted {
    let params: JSON = ["collection_id": .string(collection), "dry_run": .bool(dryRun)]
    return try database.retryingTransaction { tx in
      // two that come at once find each other's job
      try tx.execute("SELECT pg_advisory_xact_lock(hashtext('weir.unpublish'), hashtext(\(collection)))")
      try check(collection, in: tx)
      if !dryRun {
        if let running = try running(params, in: tx) { return Submitted(jobID: running, isNew: false) }
        try checkUnused(collection, in: tx)
      }
      let submitted = try jobs.submit(
        Submission(workflow: Self.workflow, params: Array(params.serialized().utf8), labels: ["unpublish"]), by: actor, in: tx)
      try Audit.record(
        actor, "collection.unpublish", subject: "collection/\(collection)",
        details: ["job_id": .string("\(submitted.jobID)"), "dry_run": .bool(dryRun)], in: tx)
      return submitted
    }
  }

  private func check(_ collection: String, in tx: Transaction) throws {
    let known = try tx.query(
      """
      SELECT EXISTS (SELECT FROM pgstac.collections WHERE id = \(collection))
          OR EXISTS (SELECT FROM app.registrations WHERE collection = \(collection))
          OR EXISTS (SELECT FROM app.object_writes WHERE collection = \(collection))
          OR EXISTS (SELECT FROM h3.source_catalog WHERE collection_id = \(collection))
      """
    ).one().bool(0)
    guard known else { throw EngineError(.noCollection, subject: collection) }
  }

  private func running(_ params: JSON, in tx: Transaction) throws -> Int64? {
    try tx.query(
      """
      SELECT id FROM app.jobs WHERE finished_at IS NULL AND workflow = \(Self.workflow) AND params::jsonb = \(params.serialized())::jsonb
      ORDER BY id LIMIT 1
      """
    ).first.map { Int64(try $0.int(0)) }
  }

  private func checkUnused(_ collection: String, in tx: Transaction) throws {
    let rows = try tx.query(
      """
      SELECT j.id FROM app.jobs j
      WHERE j.finished_at IS NULL AND (
          EXISTS (SELECT FROM app.registrations r WHERE r.job_id = j.id AND r.collection = \(collection))
          OR EXISTS (SELECT FROM app.object_writes w WHERE w.job_id = j.id AND w.collection = \(collection)))
      ORDER BY j.id LIMIT 1
      """)
    if let job = try rows.first?.int(0) { throw EngineError(.collectionInUse(job: Int64(job)), subject: collection) }
  }
}
