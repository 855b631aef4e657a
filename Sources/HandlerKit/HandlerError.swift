/// Why a handler could not do its work, or why a service call failed. Thrown out of `run`, it ends the attempt.
///
/// A service's error may be thrown on as it is: its message names the call and its subject.
public struct HandlerError: Error, Sendable, CustomStringConvertible {
  public let status: Status
  /// What is wrong, where, and how to mend it.
  public let message: String
  /// A JSON object for programs, such as `{"pointer":"/bbox/0"}` or `{"retry_after_ms":5000}`.
  public let details: JSONText?

  public init(_ status: Status, _ message: String, details: JSONText? = nil) {
    self.status = status
    self.message = message
    self.details = details
  }

  /// Another try may help, not before `delay` if that is given.
  public static func retry(_ message: String, after delay: Duration? = nil) -> HandlerError {
    HandlerError(.retry, message, details: delay.map { .object(["retry_after_ms": JSONText($0.milliseconds)]) })
  }

  /// No other try will help.
  public static func failed(_ message: String, details: JSONText? = nil) -> HandlerError {
    HandlerError(.failed, message, details: details)
  }

  /// The params are at fault, at the JSON Pointer `pointer`.
  public static func invalid(_ message: String, pointer: String) -> HandlerError {
    HandlerError(.invalid, message, details: .object(["pointer": JSONText(pointer)]))
  }

  public var description: String { message }
}

extension Duration {
  /// Whole milliseconds.
  var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
