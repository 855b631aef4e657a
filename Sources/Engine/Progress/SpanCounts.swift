/// What became of the spans of one host since it started.
public struct SpanCounts: Sendable, Hashable {
  public var exported = 0
  /// There was no room for them, or the collector would not take them.
  public var dropped = 0

  public init() {}
}
