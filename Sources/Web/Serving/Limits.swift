/// What one client may ask of the server.
enum Limits {
  /// The body of a request.
  static let bodyBytes = 1 << 20
  /// Path and query together.
  static let targetBytes = 8 << 10
  static let headerBytes = 16 << 10
  static let headersBytes = 64 << 10
  static let headers = 100
  /// Of a token in the header Authorization.
  static let tokenBytes = 1 << 10
  /// Open at once; more wait to be accepted.
  static let connections = 1_000
  /// Requests that wait for a thread; more are told to come back.
  static let waitingRequests = 256
  /// Pages that are open and renewed at once; half of the connections stay for others.
  static let viewers = 500
  /// Different ones among them: each is read from the database by itself.
  static let topics = 64
}
