/// A whole answer.
public struct HTTPAnswer: Sendable {
  public var head: HTTPHead
  public var body: [UInt8]

  public init(head: HTTPHead, body: [UInt8]) {
    self.head = head
    self.body = body
  }
}
