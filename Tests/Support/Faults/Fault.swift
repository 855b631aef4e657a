/// What befalls one request on its way.
public enum Fault: Sendable {
  case none
  /// The server never hears of it.
  case answer(status: Int, headers: [String: String] = [:], body: String = "")
  /// The connection breaks when that many bytes of the request's body have come; they reach the server.
  case cutRequest(after: Int)
  /// The server does what it was asked, and the connection breaks after that many bytes of its answer's body.
  case cutAnswer(after: Int)
  /// The server does what it was asked, and nobody learns of it.
  case loseAnswer
  /// Bodies pass this slowly, both ways.
  case slow(bytesPerSecond: Int)
  /// Nothing comes back until the client hangs up.
  case silence
  /// The answer is another on its way; what Content-Length says is not looked after.
  case alter(@Sendable (inout PassingAnswer) -> Void)

  /// What a store says that has too much to do.
  public static func busy(retryAfter seconds: Int = 0, body: String = "") -> Fault {
    .answer(status: 503, headers: ["Retry-After": "\(seconds)", "x-ms-error-code": "ServerBusy"], body: body)
  }
}
