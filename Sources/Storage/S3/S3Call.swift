internal import struct FoundationEssentials.Date

/// Sends requests of one container: signed, tried again where that may help, refusals turned into errors.
struct S3Call: Sendable {
  let session: S3Session
  let location: S3Location
  let container: ContainerName
  var cancel: Cancellation

  func subject(_ key: ObjectKey?) -> String { key.map { container.text + "/" + $0.text } ?? container.text }

  /// The whole answer, 2xx or one of the accepted statuses.
  func send(_ request: S3Request) throws(StorageError) -> (head: HTTPHead, body: [UInt8]) {
    var body: [UInt8] = []
    let head = try attempt(request) { (exchange: HTTPExchange) throws(HTTPError) in
      body = try exchange.rest()
      // what takes long is answered 200 before it is known how it ends
      return request.method == "HEAD" || !exchange.head.isSuccess || !Self.isRefusal(body) ? nil : S3Refusal(HTTPHead(status: 500), body)
    }
    return (head, body)
  }

  /// The answer's head, and its body to be pulled if it is 2xx.
  func open(_ request: S3Request) throws(StorageError) -> HTTPExchange {
    var opened: HTTPExchange?
    _ = try attempt(request) { (exchange: HTTPExchange) throws(HTTPError) in
      opened = exchange
      return nil
    }
    guard let opened else { throw StorageError(.failed, subject(request.key)) }
    return opened
  }

  private static func isRefusal(_ body: [UInt8]) -> Bool {
    guard body.count < 65_536, let root = XMLElement(parsing: body) else { return false }
    return root.name == "Error"
  }

  private func attempt(
    _ request: S3Request, _ use: (HTTPExchange) throws(HTTPError) -> S3Refusal?
  ) throws(StorageError) -> HTTPHead {
    var renewed = 0
    for attempt in 1... {
      let identity = try session.identity()
      let failure: StorageError
      var retryAfter: Duration?
      switch once(request, identity, use) {
      case .success(.answer(let head)):
        if head.isSuccess { session.know(bucket: location.bucket) }
        return head
      case .success(.refused(let refusal, let head)):
        // A wrong clock and a credential that was renewed meanwhile count as no try, but not for ever.
        if refusal.isDenial, renewed < 2, try mayCount(head, identity) {
          renewed += 1
          guard rewind(request.body) else { throw refusal.error(subject(request.key), container: container.text) }
          continue
        }
        failure = refusal.error(subject(request.key), container: container.text)
        guard refusal.mayPass else { throw explained(refusal, request, identity) ?? failure }
        retryAfter = RetryPolicy.retryAfter(head, now: session.date)
      case .failure(let error):
        failure = Self.error(error, subject(request.key))
        guard error.mayPass else { throw failure }
      }
      let wait = session.retry.wait(after: attempt, retryAfter: retryAfter, chance: .random(in: 0...1))
      guard let wait, rewind(request.body) else { throw failure }
      guard session.pause(wait, cancel) else { throw StorageError(.cancelled, subject(request.key)) }
    }
    throw StorageError(.failed, subject(request.key))  // an endless range has no end, but the compiler does not know
  }

  /// The answer to a HEAD has no body: asking for the object itself brings the reason.
  private func explained(_ refusal: S3Refusal, _ request: S3Request, _ identity: S3Identity?) -> StorageError? {
    guard request.method == "HEAD", refusal.isDenial else { return nil }
    var again = request
    again.method = "GET"
    if request.key == nil { again.query = [("list-type", "2"), ("max-keys", "0")] }
    guard case .success(.refused(let reason, _)) = once(again, identity, { _ in nil }), !reason.code.isEmpty else { return nil }
    return reason.error(subject(request.key), container: container.text)
  }

  private enum Outcome {
    case answer(HTTPHead)
    case refused(S3Refusal, HTTPHead)
  }

  private func once(
    _ request: S3Request, _ identity: S3Identity?, _ use: (HTTPExchange) throws(HTTPError) -> S3Refusal?
  ) -> Result<Outcome, HTTPError> {
    do throws(HTTPError) {
      let exchange = try session.client.open(signed(request, identity), cancel: cancel)
      let head = exchange.head
      guard head.isSuccess || request.accepted.contains(head.status) else {
        return .success(.refused(S3Refusal(head, request.method == "HEAD" ? [] : try exchange.rest()), head))
      }
      if let refusal = try use(exchange) { return .success(.refused(refusal, head)) }
      return .success(.answer(head))
    } catch {
      return .failure(error)
    }
  }

  private func signed(_ request: S3Request, _ identity: S3Identity?) -> HTTPRequest {
    let path = location.path(request.key)
    let query = S3Signature.query(request.query)
    var headers = request.headers
    if let identity {
      headers =
        S3Signature(
          method: request.method, host: location.host, path: path, query: query, region: location.region, identity: identity,
          payload: request.payload, date: session.date
        ).signed(headers)
    }
    let url = location.origin + path + (query.isEmpty ? "" : "?" + query)
    return HTTPRequest(request.method, url, headers: headers, body: request.body)
  }

  /// Whether a signature that was refused may count if it is made anew.
  private func mayCount(_ head: HTTPHead, _ used: S3Identity?) throws(StorageError) -> Bool {
    if session.learnClock(head) { return true }
    return try session.identity() != used
  }

  private func rewind(_ body: HTTPBody) -> Bool {
    if case .source(let source) = body { return source.rewind() }
    return true
  }

  static func error(_ error: HTTPError, _ subject: String) -> StorageError {
    if error.code == .cancelled { return StorageError(.cancelled, subject) }
    let cause = error.subject + ": " + (error.cause ?? "\(error.code)")
    return StorageError(error.mayPass ? .unreachable : .failed, subject, cause: cause)
  }
}
