import Workflow

/// What one host's process has done since it started.
public struct HostWork: Sendable, Hashable {
  /// Attempts that ended, by outcome; every outcome stands there, so that a rate begins at 0.
  public var attempts: [String: Int]
  public var wall: Duration
  public var cpu: Duration
  /// Emitted by winning attempts.
  public var items: Int
  /// Nil: none are exported.
  public var spans: SpanCounts?

  public init() {
    attempts = Dictionary(uniqueKeysWithValues: ["completed", "failed", "crashed", "timeout", "memory", "lost"].map { ($0, 0) })
    wall = .zero
    cpu = .zero
    items = 0
  }

  /// Counts completions that were stored.
  public mutating func add(_ completions: some Sequence<Completion>) {
    for completion in completions {
      attempts[completion.end.rawValue, default: 0] += 1
      wall += completion.wall
      cpu += completion.cpu
      if completion.verdict == .completed { items += completion.items.count }
    }
  }
}
