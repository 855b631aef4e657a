import Foundation

/// Lets a submitter sleep until its job has ended.
final class JobEnds: @unchecked Sendable {  // `ended` is touched under `condition` alone
  private let condition = NSCondition()
  private var ended: Set<Int64> = []

  func note(_ jobs: [Int64]) {
    condition.lock()
    ended.formUnion(jobs)
    condition.broadcast()
    condition.unlock()
  }

  /// - Throws: when it takes more than ten minutes.
  func wait(for job: Int64, _ workflow: String) throws {
    let deadline = Date() + 600
    condition.lock()
    defer { condition.unlock() }
    while ended.remove(job) == nil {
      guard condition.wait(until: deadline) else { throw Complaint("\(workflow): job \(job) has not ended in ten minutes") }
    }
  }
}
