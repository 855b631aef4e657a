import Glibc
import Synchronization

/// Stands between a client and a server of this machine, and spoils what the rule says. It ends with its last reference.
///
/// It passes HTTP/1.1 on as it is, `Host` included, so signatures hold. A request is read whole before the server gets it.
public final class FaultProxy: Sendable {
  public typealias Rule = @Sendable (PassingRequest) -> Fault

  public let port: Int
  /// `http://127.0.0.1:PORT`.
  public var endpoint: String { "http://127.0.0.1:\(port)" }
  private let listener: Int32
  private let shared: Shared

  /// - Parameter rule: asked for each request as soon as its head is there.
  public init(to server: Int, rule: @escaping Rule = { _ in .none }) throws {
    listener = try Wire.listen()
    port = Wire.port(of: listener)
    shared = Shared(server: server, rule: rule)
    let (listener, shared) = (listener, shared)
    startThread {
      while case let client = accept(listener, nil, nil), client >= 0 {
        startThread { shared.serve(Wire(client)) }
      }
      close(listener)
    }
  }

  deinit { shutdown(listener, Int32(SHUT_RDWR)) }

  /// The requests that came so far, in order of coming.
  public var requests: [PassingRequest] { shared.requests.withLock { $0 } }

  fileprivate final class Shared: Sendable {
    let requests = Mutex<[PassingRequest]>([])
    private let server: Int
    private let rule: Rule

    init(server: Int, rule: @escaping Rule) {
      self.server = server
      self.rule = rule
    }

    /// One connection of a client, request after request.
    func serve(_ client: Wire) {
      while let head = client.readHead(), let request = note(head) {
        let fault = rule(request)
        if request.header("expect") != nil { client.write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
        switch pass(request, fault, client) {
        case .request: continue
        case .end: return client.finish()
        case .reset: return client.abandon()
        }
      }
    }

    /// What a connection is good for.
    private enum Next {
      case request
      /// What was written still arrives, and then the end.
      case end
      case reset
    }

    private func note(_ head: [UInt8]) -> PassingRequest? {
      requests.withLock { requests in
        guard let request = PassingRequest(head, number: requests.count) else { return nil }
        requests.append(request)
        return request
      }
    }

    private func pass(_ request: PassingRequest, _ fault: Fault, _ client: Wire) -> Next {
      if case .cutRequest(let count) = fault {
        if let server = Wire(to: server), let part = client.read(min(count, request.size ?? count)) {
          server.write(request.forwarded)
          server.write(part)
          server.abandon()
        }
        return .reset
      }
      guard let body = client.readBody(request, pace: fault.pace) else { return .reset }
      if case .silence = fault {
        client.waitForEnd()
        return .reset
      }
      guard var answer = answer(to: request, body, fault) else { return .reset }
      switch fault {
      case .loseAnswer: return .reset
      case .alter(let change): change(&answer)
      default: break
      }
      guard client.write(answer.head) else { return .reset }
      if case .cutAnswer(let count) = fault {
        client.write(Array(answer.body.prefix(count)))
        return .end
      }
      guard client.write(answer.body, pace: fault.pace) else { return .reset }
      return answer.isDelimited(for: request) ? .request : .end
    }

    private func answer(to request: PassingRequest, _ body: [UInt8], _ fault: Fault) -> PassingAnswer? {
      if case .answer(let status, let headers, let text) = fault {
        var answer = PassingAnswer(status: status, headers: headers.map { ($0.key, $0.value) }, body: Array(text.utf8))
        if request.method == "HEAD" { answer.body = [] }
        answer["Content-Length"] = answer["Content-Length"] ?? String(text.utf8.count)
        return answer
      }
      guard let server = Wire(to: server), server.write(request.forwarded), server.write(body) else { return nil }
      return PassingAnswer(server.readToEnd())
    }
  }
}

extension Fault {
  fileprivate var pace: Int? {
    if case .slow(let bytesPerSecond) = self { bytesPerSecond } else { nil }
  }
}
