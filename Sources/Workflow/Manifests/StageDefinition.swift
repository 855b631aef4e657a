/// One step of a workflow: a handler that runs once, or once for each item or batch of items.
public struct StageDefinition: Sendable, Hashable {
  /// What becomes of a stage when one that it needs is skipped.
  public enum SkipRule: String, Sendable, Hashable, CaseIterable {
    case skip, run
  }

  /// What `stages.<id>.totals` has of every stage, besides the totals that the stage asks for: its tasks, the items
  /// they emitted, and their rejects together with the items of failed tasks, as `tolerate` counts them.
  public static let ownTotals = ["tasks", "items", "rejects"]

  public var id: String
  public var title: String?
  /// `family.verb`.
  public var handler: String
  public var needs: [String]
  public var when: Condition?
  public var ifSkipped: SkipRule
  public var forEach: FanOut?
  public var params: Template
  /// Nil: the handler's, from the plugin's manifest.
  public var retry: RetryPolicy?
  /// Nil: the handler's, from the plugin's manifest.
  public var timeout: Duration?
  /// How long a task may wait in the queue before its attempt; nil: the handler's.
  public var queueTimeout: Duration?
  /// How long an attempt may go on without progress, an item or a call of a service; nil: the handler's.
  public var progressTimeout: Duration?
  public var maxParallel: Int?
  public var tolerate: Tolerance
  /// How many of its tasks may fail alike before the stage is paused; nil: any number.
  public var failureBudget: Tolerance?
  /// By member of the tasks' results.
  public var totals: [String: Aggregate]

  public init(
    id: String, title: String? = nil, handler: String, needs: [String] = [], when: Condition? = nil,
    ifSkipped: SkipRule = .skip, forEach: FanOut? = nil, params: Template = .empty, retry: RetryPolicy? = nil,
    timeout: Duration? = nil, queueTimeout: Duration? = nil, progressTimeout: Duration? = nil, maxParallel: Int? = nil,
    tolerate: Tolerance = .none, failureBudget: Tolerance? = nil, totals: [String: Aggregate] = [:]
  ) {
    self.id = id
    self.title = title
    self.handler = handler
    self.needs = needs
    self.when = when
    self.ifSkipped = ifSkipped
    self.forEach = forEach
    self.params = params
    self.retry = retry
    self.timeout = timeout
    self.queueTimeout = queueTimeout
    self.progressTimeout = progressTimeout
    self.maxParallel = maxParallel
    self.tolerate = tolerate
    self.failureBudget = failureBudget
    self.totals = totals
  }

  /// As a manifest has it; what is as it would be anyway is left out.
  public var json: JSON {
    var object = JSONObject([("id", .string(id))])
    if let title { object.append("title", .string(title)) }
    object.append("handler", .string(handler))
    if !needs.isEmpty { object.append("needs", .array(needs.map { .string($0) })) }
    if let when { object.append("when", when.source) }
    if ifSkipped != .skip { object.append("if_skipped", .string(ifSkipped.rawValue)) }
    if let forEach { object.append("for_each", forEach.json) }
    if params != .empty { object.append("params", params.source) }
    if let retry { object.append("retry", retry.json) }
    if let timeout { object.append("timeout", .string(DurationText.text(of: timeout))) }
    if let queueTimeout { object.append("queue_timeout", .string(DurationText.text(of: queueTimeout))) }
    if let progressTimeout { object.append("progress_timeout", .string(DurationText.text(of: progressTimeout))) }
    if let maxParallel { object.append("max_parallel", .number(JSONNumber(maxParallel))) }
    if tolerate != .none { object.append("tolerate", tolerate.json) }
    if let failureBudget { object.append("failure_budget", failureBudget.json) }
    if !totals.isEmpty {
      let members = totals.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value.rawValue)) }
      object.append("totals", .object(JSONObject(members)))
    }
    return .object(object)
  }
}
