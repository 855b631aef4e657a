public import Workflow

/// What one attempt leaves behind, decided by the host that made it; `Queue.complete` stores it.
public struct Completion: Sendable {
  public var task: ClaimedTask
  public var end: AttemptEnd
  public var verdict: TaskVerdict
  /// Why it did not succeed, for a person; names plugin, handler, task and cause.
  public var message: String?
  /// JSON.
  public var details: String?
  /// JSON; nil for none and for an empty object.
  public var result: String?
  public var wall: Duration = .zero
  public var cpu: Duration = .zero
  public var peakRSSKiB = 0
  /// Items of the stage that the task stands for: what is lost when it fails.
  public var itemsOfTask = 1
  public var items = Emission()
  public var rejects = Emission()
  public var totals: [TotalDelta] = []

  public init(task: ClaimedTask, end: AttemptEnd, verdict: TaskVerdict) {
    self.task = task
    self.end = end
    self.verdict = verdict
  }
}

/// What an attempt emitted: chunks already spooled under its token, and a tail that comes with the completion.
public struct Emission: Sendable {
  /// Elements in chunks that `ItemSpool.append` has stored.
  public var spooled: Int
  public var tailCount: Int
  /// NDJSON of the last `tailCount` elements.
  public var tail: [UInt8]

  public var count: Int { spooled + tailCount }

  public init(spooled: Int = 0, tailCount: Int = 0, tail: [UInt8] = []) {
    self.spooled = spooled
    self.tailCount = tailCount
    self.tail = tail
  }
}

/// What an attempt adds to a total of its stage, or to a metric.
public struct TotalDelta: Sendable, Hashable {
  public enum Kind: String, Sendable { case total, metric }
  /// How it changes what is there; `last` is the value of the task that ended last.
  public enum Rule: String, Sendable { case sum, min, max, count, last }
  public var kind: Kind
  public var name: String
  public var rule: Rule
  /// The number's text, so that sums are exact.
  public var value: String

  public init(kind: Kind, name: String, rule: Rule, value: String) {
    self.kind = kind
    self.name = name
    self.rule = rule
    self.value = value
  }
}
