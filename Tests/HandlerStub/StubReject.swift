/// One element that a task could not process.
public struct StubReject: Equatable {
  public let subject: String
  public let code: Int32
  public let message: String
  public let details: String?

  public init(_ subject: String, _ code: Int, _ message: String, details: String? = nil) {
    self.subject = subject
    self.code = Int32(code)
    self.message = message
    self.details = details
  }
}
