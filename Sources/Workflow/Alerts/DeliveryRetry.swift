/// How often, and how long, a webhook is tried.
public struct DeliveryRetry: Sendable, Hashable {
  /// What came of one try.
  public struct Answer: Sendable, Hashable {
    /// Of HTTP; nil: there was no answer.
    public var status: Int?
    /// What the server asked for.
    public var retryAfter: Duration?
    /// What went wrong, for a person; it holds no secret.
    public var fault: String?

    public init(status: Int? = nil, retryAfter: Duration? = nil, fault: String? = nil) {
      self.status = status
      self.retryAfter = retryAfter
      self.fault = fault
    }
  }

  public enum Verdict: Sendable, Hashable {
    case delivered
    case again(after: Duration)
    case givenUp
  }

  /// Before the second try; each later one waits four times as long.
  public var base: Duration
  public var cap: Duration
  public var mostTries: Int
  /// After its making nothing is tried any more.
  public var patience: Duration

  public init(
    base: Duration = .seconds(5), cap: Duration = .seconds(21_600), mostTries: Int = 16, patience: Duration = .seconds(259_200)
  ) {
    self.base = base
    self.cap = cap
    self.mostTries = mostTries
    self.patience = patience
  }

  /// What follows from a try.
  ///
  /// Only 2xx is success, and 410 says that nobody listens there any more; all else may be mended, by its owner or by ours.
  /// - Parameters:
  ///   - tries: how many there were, this one included.
  ///   - age: since the delivery was made.
  ///   - chance: a number in 0..<1, so that many do not come at once.
  public func verdict(_ answer: Answer, tries: Int, age: Duration, chance: Double) -> Verdict {
    if let status = answer.status, (200..<300).contains(status) { return .delivered }
    if answer.status == 410 || tries >= mostTries { return .givenUp }
    var wait = base
    for _ in 1..<max(1, min(tries, mostTries)) where wait < cap { wait = wait * 4 }
    wait = max(min(wait, cap) * (1 + chance / 4), min(answer.retryAfter ?? .zero, cap))
    return age + wait > patience ? .givenUp : .again(after: wait)
  }
}
