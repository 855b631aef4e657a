/// How long a connection may take for its side of a request; whoever is slower is cut off.
struct Patience: Sendable {
  /// From the connection's start to the end of its first request's headers.
  var firstHead: Duration = .seconds(20)
  /// From a request's headers to the end of its body.
  var body: Duration = .seconds(30)
  /// While it takes nothing of an answer.
  var reading: Duration = .seconds(60)
  /// From an answer to the end of the next request's headers.
  var idle: Duration = .seconds(60)
}
