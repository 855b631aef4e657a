import Database
import Synchronization
import Workflow

// From what is shown of jobs to what is told of them.
extension Metrics {
  private static let mostPasts = 1024

  /// In the order of the ids; those that there are.
  func cards(of ids: [Int64], in tx: Transaction) throws -> [JobCard] {
    let jobs = try views.jobs(ids, in: tx)
    guard !jobs.isEmpty else { return [] }
    let facts = try StageFacts.read(jobs.map(\.id), in: tx)
    let samples = try Sample.read(jobs.map(\.id), in: tx)
    let domain = try DomainTotals.read(jobs, in: tx)
    let now = try tx.query("SELECT extract(epoch FROM now())::float8").one().double(0)
    return try jobs.map { job in
      let definition = try views.definitions.definition(Stages.WorkflowKey(name: job.workflow, version: job.workflowVersion), in: tx)
      let look = JobLook(
        job: job, definition: definition, facts: facts, samples: samples[job.id] ?? [], past: try past(of: job, in: tx), now: now)
      var card = look.card
      card.domain = domain.figures(of: job, facts: facts, histories: look)
      return card
    }
  }

  /// Read once for each job that has begun.
  private func past(of job: JobView, in tx: Transaction) throws -> PastJobs {
    if let known = pasts.withLock({ $0[job.id] }) { return known }
    let past = try PastJobs.read(before: job, in: tx)
    guard job.startedAt != nil else { return past }
    pasts.withLock { pasts in
      if pasts.count >= Self.mostPasts { pasts.removeAll() }
      pasts[job.id] = past
    }
    return past
  }
}
