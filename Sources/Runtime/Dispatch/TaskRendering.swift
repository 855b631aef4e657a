import Engine
import Runners
import Workflow

/// Makes calls out of claimed tasks: finds their items and renders their params.
struct TaskRendering: Sendable {
  let plans: StagePlans
  let items: ItemReader
  let handlers: [String: HostedHandler]

  struct Rendered {
    var calls: [(build: RunnerBuild, calls: [TaskCall])] = []
    var inFlight: [InFlightTask] = []
    /// Tasks that no runner can be asked to do: they have failed already, or go back.
    var settled: [Completion] = []
  }

  func render(_ tasks: [ClaimedTask]) throws -> Rendered {
    var rendered = Rendered()
    for (stageID, tasks) in Dictionary(grouping: tasks, by: \.stageID).sorted(by: { $0.key < $1.key }) {
      guard let plan = try plans.plan(stageID), let handler = handlers[plan.definition.handler] else {
        rendered.settled += tasks.map {
          Completion(task: $0, end: .returned, verdict: .again(after: .seconds(1), isCounted: false))
        }
        continue
      }
      try render(tasks, plan, handler, into: &rendered)
    }
    return rendered
  }

  private func render(
    _ tasks: [ClaimedTask], _ plan: StagePlan, _ handler: HostedHandler, into rendered: inout Rendered
  ) throws {
    var calls: [TaskCall] = []
    for run in consecutive(tasks) {
      let elements = try elements(of: run, plan)
      for task in run {
        let mine = plan.items(of: task.n).map { range in
          elements.values[min(range.lowerBound - elements.first, elements.values.count)..<min(
            range.upperBound - elements.first, elements.values.count)]
        }
        let inFlight = InFlightTask(task: task, plan: plan, handler: handler)
        do {
          let params = try plan.params(of: task.n, elements: mine ?? [])
          let problems = handler.params.problems(in: RawJSON(unchecked: params[...]))
          guard problems.isEmpty else {
            rendered.settled.append(
              refusal(inFlight, "its params do not match the handler's params_schema: \(problems.map(\.message).joined(separator: "; "))"))
            continue
          }
          calls.append(call(inFlight, params))
          rendered.inFlight.append(inFlight)
        } catch let error as ExpressionError {
          rendered.settled.append(refusal(inFlight, "its params cannot be made: \(error)"))
        }
      }
    }
    if !calls.isEmpty { rendered.calls.append((handler.build, calls)) }
  }

  /// Tasks whose numbers follow each other closely share one read of their items.
  private func consecutive(_ tasks: [ClaimedTask]) -> [[ClaimedTask]] {
    var runs: [[ClaimedTask]] = []
    for task in tasks.sorted(by: { $0.n < $1.n }) {
      if let last = runs.last?.last, task.n - last.n <= 4 {
        runs[runs.count - 1].append(task)
      } else {
        runs.append([task])
      }
    }
    return runs
  }

  private func elements(of run: [ClaimedTask], _ plan: StagePlan) throws -> (first: Int, values: [RawJSON]) {
    guard let source = plan.itemsFrom, let first = run.first.flatMap({ plan.items(of: $0.n) }),
      let last = run.last.flatMap({ plan.items(of: $0.n) })
    else { return (0, []) }
    let kind: ItemKind = source == plan.stageID ? .element : .item
    return (first.lowerBound, try items.read(kind, of: source, in: first.lowerBound..<last.upperBound))
  }

  private func call(_ inFlight: InFlightTask, _ params: [UInt8]) -> TaskCall {
    let (task, plan, handler) = (inFlight.task, inFlight.plan, inFlight.handler)
    let attempts = (plan.definition.retry ?? handler.retry).attempts
    return TaskCall(
      token: task.token, jobID: "\(plan.jobID)", stage: plan.definition.id, taskID: plan.taskID(task.n),
      handler: handler.name, attempt: task.attempt,
      // those that did not count come on top, so that `attempt == attempts` is the last
      attempts: attempts + task.attempt - 1 - task.failures, timeout: plan.definition.timeout ?? handler.timeout,
      memoryMB: handler.memoryMB, threads: handler.threads, granted: handler.services, params: params)
  }

  private func refusal(_ inFlight: InFlightTask, _ why: String) -> Completion {
    var completion = Completion(task: inFlight.task, end: .invalid, verdict: .failed)
    completion.message = "\(inFlight.subject): \(why)"
    completion.itemsOfTask = inFlight.plan.itemCount(of: inFlight.task.n)
    return completion
  }
}
