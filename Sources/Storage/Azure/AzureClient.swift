internal import Glibc

/// Sends requests to one container of Azure Blob: dated, signed, and again where that may help.
struct AzureClient: Sendable {
  /// Of the REST interface; the first with `Encoded` names in lists is 2021-02-12.
  static let version = "2021-12-02"

  let address: AzureAddress
  let session: AzureSession

  /// A successful answer.
  func send(_ call: AzureCall, cancel: Cancellation) throws(StorageError) -> AzureReply {
    let (result, _) = try attempt(call, cancel: cancel)
    switch result {
    case .success(let reply): return reply
    case .failure(let refusal): throw error(refusal, call)
    }
  }

  /// A successful answer, or what the service refused with; `isRepeated`: a try before it may have been carried out.
  /// - Throws: `.unreachable` when the service does not answer in spite of all tries.
  func attempt(
    _ call: AzureCall, cancel: Cancellation
  ) throws(StorageError) -> (result: Result<AzureReply, AzureRefusal>, isRepeated: Bool) {
    var isRepeated = false
    var knowsTime = false
    var tries = 1
    while true {
      let access = try session.access()
      let failure: StorageError
      let pause: Duration?
      switch once(call, access, cancel) {
      case .done(let reply): return (.success(reply), isRepeated)
      case .refused(let refusal, let head):
        if !knowsTime, refusal.status == 403, session.learnClock(head) {
          knowsTime = true
          continue
        }
        guard refusal.mayPass else { return (.failure(refusal), isRepeated) }
        isRepeated = isRepeated || refusal.status >= 500
        failure = error(refusal, call)
        pause = session.retry.wait(after: tries, retryAfter: RetryPolicy.retryAfter(head, now: session.time), chance: .random(in: 0...1))
      case .broken(let error):
        failure = Self.error(error, call.subject)
        isRepeated = true
        pause = error.mayPass ? session.retry.wait(after: tries, chance: .random(in: 0...1)) : nil
      }
      guard let pause else { throw failure }
      try Self.wait(pause, call.subject, cancel)
      tries += 1
    }
  }

  private enum Outcome {
    case done(AzureReply)
    case refused(AzureRefusal, HTTPHead)
    case broken(HTTPError)
  }

  private func once(_ call: AzureCall, _ access: AzureAccess, _ cancel: Cancellation) -> Outcome {
    do throws(HTTPError) {
      let exchange = try session.http.open(request(call, access), cancel: cancel)
      guard exchange.head.isSuccess else { return .refused(AzureRefusal(exchange.head, body: try exchange.rest()), exchange.head) }
      if call.isStreamed { return .done(AzureReply(head: exchange.head, body: [], exchange: exchange)) }
      return .done(AzureReply(head: exchange.head, body: try exchange.rest(), exchange: nil))
    } catch { return .broken(error) }
  }

  private func request(_ call: AzureCall, _ access: AzureAccess) -> HTTPRequest {
    var url = address.url(call.blob)
    var headers = call.headers + [("x-ms-version", Self.version), ("x-ms-date", HTTPDate.text(session.time))]
    var query = call.query.map { PercentEncoding.encode($0.name) + "=" + PercentEncoding.encode($0.value) }
    switch access {
    case .sharedKey(let key):
      let authorization = AzureSignature.authorization(
        account: address.account, key: key, method: call.method, url: url, query: call.query, headers: headers, size: call.body.count)
      headers.append(("Authorization", authorization))
    case .sas(let sas): query.append(sas)
    case .anonymous: break
    }
    if !query.isEmpty { url += "?" + query.joined(separator: "&") }
    return HTTPRequest(
      call.method, url, headers: headers, body: call.body.isEmpty ? .none : .bytes(call.body), maxBytes: call.isStreamed ? nil : 64 << 20)
  }

  func error(_ refusal: AzureRefusal, _ call: AzureCall) -> StorageError {
    // a credential that cannot be read now could be read when the request was signed
    let access = (try? session.access()) ?? .anonymous
    return refusal.error(call.subject, access: access, container: String(call.subject.prefix { $0 != "/" }))
  }

  static func error(_ error: HTTPError, _ subject: String) -> StorageError {
    StorageError(error.code == .cancelled ? .cancelled : error.mayPass ? .unreachable : .failed, subject, cause: error.message.trimmedStop)
  }

  /// Ends early when nobody wants the result any more.
  static func wait(_ pause: Duration, _ subject: String, _ cancel: Cancellation) throws(StorageError) {
    let end = ContinuousClock.now + pause
    while true {
      try cancel.check(subject)
      let left = end - .now
      guard left > .zero else { return }
      poll(nil, 0, Int32(min(50, left.milliseconds)))
    }
  }
}

/// What the service answered. Of a streamed call the body is still to come.
struct AzureReply {
  let head: HTTPHead
  let body: [UInt8]
  let exchange: HTTPExchange?
}

extension String {
  /// For a cause, behind which a stop follows.
  fileprivate var trimmedStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
