/// Items or rejects of a task that is still running.
public struct EmittedChunk: Sendable {
  public enum Kind: Sendable { case items, rejects }

  public let token: Int64
  public let kind: Kind
  public let count: Int
  /// One JSON value a line, `count` lines, each valid.
  public let ndjson: [UInt8]
  let acknowledge: @Sendable () -> Void

  /// Tells the runner that the chunk is durable; without it the handler's `emit` blocks after 2 MiB. From any thread, once.
  public func credit() {
    acknowledge()
  }
}
