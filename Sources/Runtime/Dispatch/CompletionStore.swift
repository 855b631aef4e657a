import Database
import Engine
import Logging
import Workflow

/// Stores completions, and keeps one that cannot be stored from holding up the others.
struct CompletionStore {
  let queue: Queue
  let logger: Logger

  /// - Throws: when the database is away: nothing is lost, store the batch again.
  func store(
    _ batch: [Completion], host: Int64, handlers: Set<String>, claiming limit: Claimable
  ) throws -> CompletionAnswer {
    do {
      return try queue.complete(batch, host: host, handlers: handlers, claiming: limit)
    } catch let error as DatabaseError where error.isUnreachable || error.isRetryable {
      throw error
    } catch {
      guard batch.count > 1 else { return try storeFailure(of: batch[0], host: host, error) }
      // one of them is at fault: halve until it stands alone
      let half = batch.count / 2
      var answer = try store(Array(batch[..<half]), host: host, handlers: handlers, claiming: limit)
      let other = try store(
        Array(batch[half...]), host: host, handlers: handlers, claiming: answer.claimed.isEmpty ? limit : 0)
      answer.stale += other.stale
      answer.claimed += other.claimed
      answer.plans += other.plans
      answer.endedJobs += other.endedJobs
      answer.openedMore = answer.openedMore || other.openedMore
      return answer
    }
  }

  private func storeFailure(of completion: Completion, host: Int64, _ error: any Error) throws -> CompletionAnswer {
    logger.error(
      "Cannot store the outcome of an attempt",
      metadata: ["token": "\(completion.task.token)", "error": "\(String(reflecting: error))"])
    var failure = Completion(task: completion.task, end: .failed, verdict: .failed)
    failure.message = "the attempt's outcome could not be stored; the host's log has the reason"
    failure.itemsOfTask = completion.itemsOfTask
    do {
      return try queue.complete([failure], host: host)
    } catch let error as DatabaseError where error.isUnreachable || error.isRetryable {
      throw error
    } catch {
      // what follows for its job cannot be decided here, as when a newer host's workflow cannot be read: it goes back
      let back = Completion(
        task: completion.task, end: .returned, verdict: .again(after: .seconds(60), isCounted: false))
      return try queue.complete([back], host: host)
    }
  }
}
