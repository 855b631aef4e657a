import Database
import Workflow

extension Schedules {
  /// What a time to fire led to.
  enum Start {
    case job(Int64)
    /// The dataset is being updated already, by this job.
    case running(Int64)
    /// Why no job can be submitted.
    case refused(String)
  }

  /// Starts what a schedule starts, in the caller's transaction; what it refuses leaves nothing behind.
  func start(
    _ settings: ScheduleSettings, _ fire: Timetable.Fire, of name: String, dedupKey: String, notBefore: Double?, in tx: Transaction
  ) throws -> Start {
    let actor = Self.actor(name)
    do {
      guard let dataset = settings.dataset else {
        let submission = Submission(
          workflow: settings.workflow, params: Array(settings.params(of: fire).serialized().utf8), dedupKey: dedupKey,
          priority: settings.priority, notBefore: notBefore, labels: settings.labels)
        return .job(try tx.savepoint { try jobs.submit(submission, by: actor, in: $0) }.jobID)
      }
      let submitted = try tx.savepoint { try datasets.update(dataset, .scheduled, by: actor, in: $0) }
      return submitted.isNew ? .job(submitted.jobID) : .running(submitted.jobID)
    } catch let error as EngineError {
      return .refused(error.message)
    }
  }
}
