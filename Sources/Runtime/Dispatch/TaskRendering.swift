import Engine
import Runners
import Workflow

/// Makes calls out of claimed tasks: finds their items and renders their params.
struct TaskRendering: Sendable {
  let plans: StagePlans
  let items: ItemReader
  let handlers: [String: HostedHandler]
  let tracer: Tracer

  struct Rendered {
    var calls: [(build: RunnerBuild, calls: [TaskCall])] = []
    var inFlight: [InFlightTask] = []
    /// Tasks that no runner can be asked to do: they have failed already, or go back.
    var settled: [Completion] = []
  }

  func render(_ tasks: [ClaimedTask]) throws -> Rendered {
    var rendered = Rendered()
    for (stageID, tasks) in Dictionary(grouping: tasks, by: \.stageID).sorted(by: { $0.key < $1.key }) {
      let known: StagePlan?
      do {
        known = try plans.plan(stageID)
      } catch let error as EngineError {
        // the stage's own fault: tasks of other stages go on
        rendered.settled += tasks.map { task in
          var completion = Completion(task: task, end: .invalid, verdict: .failed)
          completion.message = "stage \(stageID), task \(task.n): \(error.message)"
          return completion
        }
        continue
      }
      guard let plan = known, let handler = handlers[plan.definition.handler] else {
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
        let inFlight = InFlightTask(task: task, plan: plan, handler: handler, traceparent: tracer.traceparent(plan, task))
        switch params(of: task.n, plan, handler, elements) {
        case .success(let params):
          calls.append(call(inFlight, params))
          rendered.inFlight.append(inFlight)
        case .failure(let why): rendered.settled.append(refusal(inFlight, why.text))
        }
      }
    }
    if !calls.isEmpty { rendered.calls.append((handler.build, calls)) }
  }

  private struct Refusal: Error {
    let text: String
  }

  private func params(
    of n: Int, _ plan: StagePlan, _ handler: HostedHandler, _ elements: (first: Int, values: [RawJSON])
  ) -> Result<[UInt8], Refusal> {
    var mine: ArraySlice<RawJSON> = []
    if let range = plan.items(of: n) {
      let known = 0..<elements.values.count
      let wanted = (range.lowerBound - elements.first)..<(range.upperBound - elements.first)
      mine = elements.values[wanted.clamped(to: known)]
    }
    let params: [UInt8]
    do throws(ExpressionError) {
      params = try plan.params(of: n, elements: mine)
    } catch {
      return .failure(Refusal(text: "its params cannot be made: \(error)"))
    }
    let problems = handler.params.problems(in: RawJSON(unchecked: params[...]))
    guard problems.isEmpty else {
      let list = problems.map(\.message).joined(separator: "; ")
      return .failure(Refusal(text: "its params do not match the handler's params_schema: \(list)"))
    }
    return .success(params)
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
      progressTimeout: plan.definition.progressTimeout ?? handler.progressTimeout,
      memoryMB: handler.memoryMB, threads: handler.threads, traceparent: inFlight.traceparent, granted: handler.services,
      params: params)
  }

  private func refusal(_ inFlight: InFlightTask, _ why: String) -> Completion {
    var completion = Completion(task: inFlight.task, end: .invalid, verdict: .failed)
    completion.message = "\(inFlight.subject): \(why)"
    completion.itemsOfTask = inFlight.plan.itemCount(of: inFlight.task.n)
    return completion
  }
}
