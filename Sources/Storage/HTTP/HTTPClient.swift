/// HTTP over libcurl for callers that may block: any thread may call, many at once, each request on a connection of its own.
///
/// Connections are kept and used again. No redirect is followed unless asked for, no proxy is used unless configured,
/// nothing is retried: `RetryPolicy` says when to. Bodies come and go as they are, never unpacked. A wait ends on
/// `cancel` within 50 ms, after `connect`, after a `stall`, and at the request's own deadline.
///
///     let client = HTTPClient()
///     let answer = try client.send(HTTPRequest("GET", "https://example.org/a.json", maxBytes: 1 << 20))
///     let exchange = try client.open(HTTPRequest("GET", url))          // head is there
///     while case let got = try exchange.pull(into: buffer), got > 0 { … }
public final class HTTPClient: Sendable {
  public let settings: HTTPSettings
  private let connections: HTTPConnections

  public init(_ settings: HTTPSettings = HTTPSettings()) {
    self.settings = settings
    connections = HTTPConnections(limit: settings.idleConnections)
  }

  /// Sends a request and waits for the whole answer.
  /// - Throws: only if there is no whole answer; a bad status is an answer.
  public func send(
    _ request: HTTPRequest, redirects: HTTPRedirects = .off, cancel: Cancellation = .never
  ) throws(HTTPError) -> HTTPAnswer {
    let exchange = try open(request, redirects: redirects, cancel: cancel)
    let body = try exchange.rest()
    return HTTPAnswer(head: exchange.head, body: body)
  }

  /// Sends a request and waits for the head of its answer.
  public func open(
    _ request: HTTPRequest, redirects: HTTPRedirects = .off, cancel: Cancellation = .never
  ) throws(HTTPError) -> HTTPExchange {
    let start = ContinuousClock.now
    var current = request
    for count in 0... {
      if let deadline = request.deadline { current.deadline = deadline - (ContinuousClock.now - start) }
      let exchange = try HTTPExchange(current, settings, connections, cancel)
      try exchange.begin()
      guard redirects.limit > 0, [301, 302, 303, 307, 308].contains(exchange.head.status), let target = exchange.redirect,
        let next = redirects.next(current, exchange.head, target)
      else { return exchange }
      guard count < redirects.limit else {
        throw HTTPError(.tooManyRedirects(limit: redirects.limit), HTTPRequest.subject(request.url))
      }
      if case .source(let source) = next.body, !source.rewind() { return exchange }
      current = next
    }
    preconditionFailure("an endless range has no end")  // the compiler does not know it
  }
}
