/// What came of a `ReadRequest`.
public struct ReadAnswer: Sendable {
  /// nil if it succeeded.
  public var failure: Status? { status == .ok ? nil : status }
  /// Size of the whole object.
  public let total: UInt64
  /// Shorter than was asked for only at the end of the object.
  public let bytes: [UInt8]

  let status: Status

  init(status: Status, total: UInt64, bytes: [UInt8]) {
    self.status = status
    self.total = total
    self.bytes = bytes
  }
}
