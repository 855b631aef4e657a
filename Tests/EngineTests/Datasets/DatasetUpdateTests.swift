import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Updates of a dataset` {
  let desk: DatasetDesk
  var datasets: Datasets { desk.engine.datasets }

  init() throws {
    desk = try DatasetDesk()
    _ = try desk.engine.datasets.create(try DatasetDesk.definition(), by: .system)
  }

  private func newest() throws -> JSON { try datasets.history("rivers").elements.first ?? .null }

  @Test func `are one job at a time, which gets the dataset as it is said`() throws {
    let first = try datasets.update("rivers", force: true, by: .system)
    let second = try datasets.update("rivers", by: .system)
    #expect(first.isNew && !second.isNew && first.jobID == second.jobID)
    let params = try desk.engine.views.job(first.jobID).params
    #expect(params.member("force_update")?.text == "true")
    #expect(params.member("dataset")?.member("source_url")?.string == "https://example.org/rivers.zip")
    #expect(try newest()["status"] == "started" && newest()["job_id"] == .string("\(first.jobID)"))
    #expect(try datasets.dataset("rivers").runningJobID == first.jobID)
  }

  @Test func `that brought a version are logged with their counts, and the registry knows it`() throws {
    _ = try datasets.update("rivers", by: .system)
    try desk.end(#"{"needs_update": true, "source_version": "5.1.1"}"#)
    try desk.end(
      #"{"version": 1, "source_version": "5.1.1", "added": 7, "updated": 2, "deleted": 1, "total": 241, "published": true}"#)
    #expect(try datasets.settle() == 1)
    let entry = try newest()
    #expect(entry["status"] == "completed" && entry["source_version"] == "5.1.1" && entry["version"] == 1)
    #expect(entry["records_added"] == 7 && entry["records_updated"] == 2 && entry["records_deleted"] == 1 && entry["records_total"] == 241)
    #expect(entry["completed_at"] != .null && entry["duration_seconds"] != .null)
    let dataset = try datasets.dataset("rivers")
    #expect(dataset.sourceVersion == "5.1.1" && dataset.currentVersion == 1 && dataset.rowCount == 241)
    #expect(dataset.lastCheckedAt != nil && dataset.lastUpdatedAt != nil && dataset.runningJobID == nil)
    #expect(try datasets.settle() == 0)
  }

  @Test func `that found nothing new are logged as skipped, and count as a check`() throws {
    _ = try datasets.update("rivers", by: .system)
    try desk.end(#"{"needs_update": false, "source_version": "5.1.1"}"#)
    try datasets.settle()
    #expect(try newest()["status"] == "skipped")
    let dataset = try datasets.dataset("rivers")
    #expect(dataset.lastCheckedAt != nil && dataset.lastUpdatedAt == nil && dataset.currentVersion == nil)
  }

  @Test func `that failed are logged with the reason, and the next may come`() throws {
    _ = try datasets.update("rivers", by: .system)
    try desk.end("", as: .failed)
    try datasets.settle()
    let entry = try newest()
    #expect(entry["status"] == "failed" && entry["error_message"]?.stringValue?.isEmpty == false)
    #expect(try datasets.update("rivers", by: .system).isNew)
  }

  @Test func `of a dry run change nothing of what readers see`() throws {
    _ = try datasets.update("rivers", dryRun: true, by: .system)
    try desk.end(#"{"needs_update": true, "source_version": "2"}"#)
    try desk.end(#"{"version": null, "source_version": "2", "added": 7, "updated": 0, "deleted": 0, "total": 7, "published": false}"#)
    try datasets.settle()
    #expect(try newest()["dry_run"] == true && newest()["status"] == "completed" && newest()["records_added"] == 7)
    #expect(try datasets.dataset("rivers").currentVersion == nil)
  }

  /// The leader closes the log of the one before at this very moment.
  @Test func `asked for while the last one is being closed is a new one`() async throws {
    let first = try datasets.update("rivers", by: .system).jobID
    try desk.end(#"{"needs_update": false, "source_version": "5.1.1"}"#)
    let meeting = Meeting(of: 2)
    async let closing: Void = onOwnThread { [desk] in
      try desk.own.database.transaction { tx in
        try tx.execute("UPDATE curated_update_log SET status = 'skipped', completed_at = now() WHERE job_id = \(first)")
        meeting.wait()
        let waiting: SQL = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        try until { try desk.own.database.withConnection { try $0.query(waiting).count } > 0 }
      }
    }
    async let update = onOwnThread { [datasets] in
      meeting.wait()
      return try datasets.update("rivers", by: .system)
    }
    let (_, next) = try await (closing, update)
    #expect(next.isNew && next.jobID != first)
  }

  @Test func `whose job is gone are not open for ever`() throws {
    let job = try datasets.update("rivers", by: .system).jobID
    try desk.own.database.withConnection { _ = try $0.execute("DELETE FROM jobs WHERE id = \(job)") }
    try datasets.settle()
    #expect(try newest()["status"] == "failed" && newest()["error_message"] == "the job is gone")
  }

  @Test func `keep the dataset in the registry and its table where it is while they run`() throws {
    let job = try datasets.update("rivers", by: .system).jobID
    for act in [
      { _ = try datasets.remove("rivers", by: .system) },
      { _ = try datasets.replace(try DatasetDesk.definition(table: "curated_streams"), .any, by: .system) },
    ] {
      #expect(throws: EngineError.self) { try act() }
    }
    #expect(try datasets.dataset("rivers").runningJobID == job)
  }
}
