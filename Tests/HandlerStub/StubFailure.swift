/// What a task gave as the reason of its failure.
public struct StubFailure: Equatable {
  public let code: Int32
  public let message: String
  public let details: String?

  public init(_ code: Int, _ message: String, details: String? = nil) {
    self.code = Int32(code)
    self.message = message
    self.details = details
  }
}
