import Database
import Synchronization
import Workflow

// From what is shown of jobs to what is told of them.
extension Metrics {
  private static let mostPasts = 1024

  /// In the order of the jobs. The number of statements does not grow with them.
  func cards(of jobs: [JobView], in tx: Transaction) throws -> [JobCard] {
    guard !jobs.isEmpty else { return [] }
    let facts = try StageFacts.read(jobs.map(\.id), in: tx)
    let samples = try table.stands(in: tx) ? StageSample.read(jobs.map(\.id), in: tx) : [:]
    let domain = try DomainTotals.read(jobs, in: tx)
    let pasts = try pasts(of: jobs, in: tx)
    return try jobs.map { job in
      let definition = try views.definitions.definition(Stages.WorkflowKey(name: job.workflow, version: job.workflowVersion), in: tx)
      let look = JobLook(
        job: job, definition: definition, facts: facts, samples: samples[job.id] ?? [], past: pasts[job.id] ?? PastJobs())
      var card = look.card
      card.domain = domain.figures(of: job, facts: facts, histories: look)
      return card
    }
  }

  /// Read once for each job that has begun.
  private func pasts(of jobs: [JobView], in tx: Transaction) throws -> [Int64: PastJobs] {
    var found = pasts.withLock { known in
      jobs.reduce(into: [Int64: PastJobs]()) { found, job in found[job.id] = known[job.id] }
    }
    let unknown = jobs.filter { found[$0.id] == nil }
    guard !unknown.isEmpty else { return found }
    found.merge(try PastJobs.read(before: unknown.map(\.id), in: tx)) { $1 }
    pasts.withLock { known in
      if known.count >= Self.mostPasts { known.removeAll() }
      for job in unknown where job.startedAt != nil { known[job.id] = found[job.id] ?? PastJobs() }
    }
    return found
  }
}
