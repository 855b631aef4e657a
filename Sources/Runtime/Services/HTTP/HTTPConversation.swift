import FoundationEssentials
import Storage

/// One handler's request with its redirects and tries.
struct HTTPConversation {
  let client: HTTPClient
  let call: HTTPCall
  let policy: Storage.RetryPolicy
  let isCancelled: @Sendable () -> Bool
  /// As WEIR_MAX_BYTES.
  static let mostBytes: UInt64 = 64 << 20

  var cancel: Cancellation { Cancellation(isCancelled) }

  struct Answer {
    var head: HTTPHead
    var body: [UInt8]
    /// Nil for 2xx and 304.
    var fault: ServiceFault?
  }

  var tries: HTTPTries { HTTPTries(policy, timeout: call.timeout, isCancelled: isCancelled) }

  /// The whole answer in memory, whatever its status.
  /// - Throws: what kept it from coming.
  func answer() throws(ServiceFault) -> Answer {
    var tries = tries
    while true {
      let (head, body, failure) = attempt(left: tries.left)
      guard let failure else { return Answer(head: head, body: body) }
      guard let fault = tries.pause(after: failure) else { continue }
      guard head.status != 0, fault.status != ServiceFault.cancelled else { throw fault }
      return Answer(head: head, body: body, fault: fault)
    }
  }

  /// One try; a head of status 0 is none.
  private func attempt(left: Duration?) -> (head: HTTPHead, body: [UInt8], failure: HTTPFailure?) {
    var head = HTTPHead(status: 0)
    do throws(HTTPFailure) {
      let exchange = try open(adding: [], left: left)
      head = exchange.head
      let body = try whole(exchange, limit: min(call.maxBytes ?? Self.mostBytes, Self.mostBytes))
      return (head, body, failure(head))
    } catch {
      // an answer that breaks off is none; one that is too large has a head to show
      return (error.fault.status == ServiceFault.tooLarge ? head : HTTPHead(status: 0), [], error)
    }
  }

  /// Sends the request and waits for the head of the last answer.
  func open(
    adding more: [(name: String, value: String)], left: Duration?
  ) throws(HTTPFailure) -> HTTPExchange {
    let trail = RedirectTrail(call)
    let exchange: HTTPExchange
    do throws(HTTPError) {
      exchange = try client.open(
        call.request(adding: more, deadline: left), redirects: trail.redirects, cancel: cancel)
    } catch {
      throw HTTPFailure(error, isRepeatable: call.isRepeatable)
    }
    if let refusal = trail.refusal { throw HTTPFailure(refusal) }
    return exchange
  }

  /// Nil for what counts as success: 2xx and 304.
  func failure(_ head: HTTPHead) -> HTTPFailure? {
    if head.isSuccess || head.status == 304 { return nil }
    return HTTPFailure(head, call.url.subject, retryAfter: Storage.RetryPolicy.retryAfter(head, now: Date()))
  }

  func tooLarge(_ limit: UInt64) -> ServiceFault {
    ServiceFault(ServiceFault.tooLarge, "\(call.url.subject): the answer is larger than \(limit) bytes")
  }

  private func whole(_ exchange: HTTPExchange, limit: UInt64) throws(HTTPFailure) -> [UInt8] {
    if call.method != "HEAD", let length = exchange.head.contentLength, length > limit { throw HTTPFailure(tooLarge(limit)) }
    do throws(HTTPError) {
      var body: [UInt8] = []
      var room = [UInt8](repeating: 0, count: 64 << 10)
      while true {
        var failure: HTTPError?
        let got = room.withUnsafeMutableBytes { buffer in
          do throws(HTTPError) { return try exchange.pull(into: buffer) } catch {
            failure = error
            return 0
          }
        }
        if let failure { throw failure }
        if got == 0 { return body }
        body.append(contentsOf: room[..<got])
        if body.count > limit { break }
      }
    } catch {
      throw HTTPFailure(error, isRepeatable: call.isRepeatable)
    }
    throw HTTPFailure(tooLarge(limit))
  }
}
