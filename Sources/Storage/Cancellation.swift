/// Tells a long call that nobody wants its result any more; asked between pieces of at most 1 MiB.
public struct Cancellation: Sendable {
  public static let never = Cancellation { false }

  private let ask: @Sendable () -> Bool

  /// `isCancelled` is called often and from many threads: it must be quick and must not block.
  public init(_ isCancelled: @escaping @Sendable () -> Bool) { ask = isCancelled }

  public var isCancelled: Bool { ask() }

  func check(_ subject: @autoclosure () -> String) throws(StorageError) {
    if ask() { throw StorageError(.cancelled, subject()) }
  }
}
