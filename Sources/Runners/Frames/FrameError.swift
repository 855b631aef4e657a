/// A payload that does not have the fields its frame must have.
public struct FrameError: Error, Sendable, Equatable {
  public let message: String

  public init(_ message: String) {
    self.message = message
  }
}
