/// What became of a batch: every element is in `done`, `skipped` or `failed`.
public struct TransferReport: Sendable, Equatable {
  public struct Failure: Sendable, Equatable {
    public let index: Int
    public let error: StorageError
  }

  public var done = 0
  public var skipped = 0
  /// Bytes of the objects that were copied; skipped ones do not count.
  public var bytes: UInt64 = 0
  /// By index.
  public var failed: [Failure] = []
  /// By index: the object that stands at the target, nil where the element failed.
  public var heads: [ObjectHead?] = []
  /// By index: whether the object was copied now; false where it stood there already, and where the element failed.
  public var isWritten: [Bool] = []

  public init() {}

  /// Whether trying the batch again may help: one of the failures is of a kind that passes.
  public var isWorthRetrying: Bool { failed.contains { $0.error.status == .unreachable } }
}
