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
  /// Length of a number's text, and its largest exponent either way. `jsonb` writes every number in full, so that
  /// `1e131071` takes 128 KiB, and refuses what is larger.
  public let maxDigits: Int

  /// For what goes into a `jsonb` column: PostgreSQL takes all that these limits let through. 32 MiB of text are at
  /// most 192 MiB there (an array of single digits), and it refuses 256.
  public static let storable = JSONLimits(maxBytes: 32 << 20, allowsNUL: false, maxDigits: 1_000)

  public init(maxDepth: Int = 512, maxBytes: Int = 1 << 30, allowsNUL: Bool = true, maxDigits: Int = .max) {
    self.maxDepth = min(max(maxDepth, 0), Self.deepest)
    self.maxBytes = max(maxBytes, 0)
    self.allowsNUL = allowsNUL
    self.maxDigits = maxDigits
  }
}
