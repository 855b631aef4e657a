import Engine
import Runners
import Workflow

/// Turns what a runner said of an attempt into what the engine stores. Decides only.
struct Settlement {
  /// A number in 0..<1 for the jitter of a retry.
  var chance: Double
  /// Whether the host is stopping: what it cancels for that reason goes back uncounted.
  var isStopping: Bool

  func completion(of outcome: Outcome, _ inFlight: InFlightTask) -> Completion {
    var (end, message) = ending(of: outcome, inFlight)
    let details = outcome.details?.text ?? outcome.lastError?.text
    if end == .completed, let fault = fault(in: outcome, inFlight) {
      (end, message) = (.failed, "\(inFlight.subject): \(fault)")
    }
    var completion = Completion(task: inFlight.task, end: end, verdict: verdict(end, outcome, inFlight))
    completion.message = end == .completed ? nil : message
    completion.details = end == .completed ? nil : details
    completion.wall = outcome.wall
    completion.cpu = outcome.cpu
    completion.peakRSSKiB = outcome.peakMemoryKB
    completion.itemsOfTask = inFlight.plan.itemCount(of: inFlight.task.n)
    guard end == .completed else { return completion }
    completion.result = outcome.result?.text
    completion.items = Emission(
      spooled: inFlight.emitted.spooled(.item), tailCount: outcome.itemCount, tail: outcome.items)
    completion.rejects = Emission(
      spooled: inFlight.emitted.spooled(.reject), tailCount: outcome.rejectCount, tail: outcome.rejects)
    completion.totals = totals(of: outcome, inFlight)
    return completion
  }

  private func ending(of outcome: Outcome, _ inFlight: InFlightTask) -> (AttemptEnd, String) {
    switch outcome.kind {
    case .completed: (.completed, "")
    case .failed(let status):
      // R5: a cancelled attempt may come back with any status
      (status / 100 == 3 ? .invalid : .failed, "\(inFlight.subject): \(outcome.message)")
    case .crashed, .exited, .refused: (.crashed, outcome.message)
    case .timedOut: (.timeout, outcome.message)
    case .memory: (.memory, outcome.message)
    case .protocolBroken: (.protocolBroken, outcome.message)
    case .cancelled: (isStopping ? .returned : .cancelled, outcome.message)
    case .lost: (.lost, outcome.message)
    case .returned: (.returned, outcome.message)
    }
  }

  private func verdict(_ end: AttemptEnd, _ outcome: Outcome, _ inFlight: InFlightTask) -> TaskVerdict {
    var isTransient = false
    if case .failed(let status) = outcome.kind { isTransient = status / 100 == 1 }
    let retryAfter = (outcome.details ?? outcome.lastError)?.member("retry_after_ms")?.int
    return inFlight.handler.decision(inFlight.plan.definition).verdict(
      end, failures: inFlight.task.failures, kills: inFlight.task.kills, isTransient: isTransient,
      retryAfter: retryAfter.map { .milliseconds(min(max($0, 0), 86_400_000)) }, chance: chance)
  }

  /// Why an attempt whose handler returned WEIR_OK has failed all the same: it broke its own contract.
  private func fault(in outcome: Outcome, _ inFlight: InFlightTask) -> String? {
    if let fault = inFlight.emitted.fault { return fault }
    if let schema = inFlight.handler.result,
      let problem = schema.problems(in: outcome.result ?? .null).first
    {
      return "its result does not match its result_schema: \(problem.message)"
    }
    for name in inFlight.plan.definition.totals.keys.sorted() {
      if let value = outcome.result?.member(name), value.kind == .number, !value.isStorable {
        return "its result's \"\(name)\" is a number that no total can hold: \(value.text.prefix(40))"
      }
    }
    return ItemCheck(handler: inFlight.handler).fault(in: outcome.items, count: outcome.itemCount)
  }

  private func totals(of outcome: Outcome, _ inFlight: InFlightTask) -> [TotalDelta] {
    var deltas: [TotalDelta] = []
    for (name, aggregate) in inFlight.plan.definition.totals {
      guard let value = outcome.result?.member(name), value.kind != .null else { continue }
      guard let rule = TotalDelta.Rule(rawValue: aggregate.rawValue) else { continue }
      if rule == .count {
        deltas.append(TotalDelta(kind: .total, name: name, rule: rule, value: "1"))
      } else if value.kind == .number {
        deltas.append(TotalDelta(kind: .total, name: name, rule: rule, value: value.text))
      }
    }
    outcome.metrics?.forEachElement { metric in
      guard let name = metric.member("name")?.string, let value = metric.member("value"), value.kind == .number,
        let rule = inFlight.handler.metrics[name].flatMap({ TotalDelta.Rule(rawValue: $0.rawValue) })
      else { return }
      deltas.append(TotalDelta(kind: .metric, name: name, rule: rule, value: value.text))
    }
    return deltas
  }
}

extension RawJSON {
  /// Whether PostgreSQL's `numeric` takes the number.
  fileprivate var isStorable: Bool {
    do throws(JSONSyntaxError) {
      _ = try RawJSON(validating: Array(bytes), limits: .storable)
      return true
    } catch {
      return false
    }
  }
}
