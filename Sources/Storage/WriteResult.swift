/// What a write came to.
public struct WriteResult: Sendable, Equatable {
  /// The object that now stands under the key.
  public let head: ObjectHead
  /// False if the object that was there stayed (`skip`, or `update` with equal bytes).
  public let isWritten: Bool

  public init(head: ObjectHead, isWritten: Bool) {
    self.head = head
    self.isWritten = isWritten
  }
}
