/// How much JSON a reader accepts before it refuses.
public struct JSONLimits: Sendable, Hashable {
  /// The deepest nesting that any limit can allow: such a tree is compared, written and freed within 2 MiB of stack
  /// (debug build, measured 2026-11), a quarter of what a thread has by default.
  public static let deepest = 1024

  /// Levels of arrays and objects; a number alone has 0, `[]` has 1. At most ``deepest``.
  public let maxDepth: Int
  /// Length of the text in bytes.
  public let maxBytes: Int
  /// Whether the escape `\u0000` is accepted; it is JSON, but PostgreSQL's `jsonb` and `text` cannot hold it.
  public let allowsNUL: Bool

  public init(maxDepth: Int = 512, maxBytes: Int = 1 << 30, allowsNUL: Bool = true) {
    self.maxDepth = min(max(maxDepth, 0), Self.deepest)
    self.maxBytes = max(maxBytes, 0)
    self.allowsNUL = allowsNUL
  }
}
