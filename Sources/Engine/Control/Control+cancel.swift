import Database
import Workflow

extension Control {
  /// How what runs of a job is stopped.
  public enum Stop: String, Sendable, CaseIterable {
    /// Its handlers are asked, and killed when the grace period is over.
    case asking
    /// Its runners are killed.
    case now
  }

  /// Cancels a job: nothing more of it starts; what runs is stopped by the hosts. A repeat changes nothing, but may be harder.
  ///
  /// The job ends with its last running task. A job that is paused is cancelled all the same.
  /// - Throws: `.noJob`; `.jobHasEnded` when it has, unless it was cancelled.
  public func cancel(_ jobID: Int64, _ stop: Stop = .asking, by actor: Actor) throws {
    try database.retryingTransaction { tx in
      let job = try cancelIfOpen(jobID, stop, by: actor, in: tx)
      if job.head.state.isFinal, job.head.state != .cancelled {
        throw EngineError(.jobHasEnded(job.head.state), subject: job.subject)
      }
    }
  }

  /// The same in the caller's transaction, but a job that has ended stays as it is. Answers the job as it was.
  @discardableResult
  func cancelIfOpen(_ jobID: Int64, _ stop: Stop = .asking, by actor: Actor, in tx: Transaction) throws -> LockedJob {
    let job = try LockedJob.take(jobID, stages: stages, in: tx)
    guard !job.head.state.isFinal else { return job }
    let isHarder = try stop == .now && !tx.query("SELECT cancel_now FROM jobs WHERE id = \(jobID)").one().bool(0)
    guard !job.head.isCancelling || isHarder else { return job }
    try Audit.record(actor, "job.cancel", subject: "job/\(job.subject)", details: ["stop": .string(stop.rawValue)], in: tx)
    _ = try stages.cancel(job, stop, in: tx)
    return job
  }
}
