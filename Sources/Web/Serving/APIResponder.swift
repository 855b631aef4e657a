import Database
import Engine
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Answers every request: checks it against the route table, asks the route, and turns what is thrown into a problem.
struct APIResponder: HTTPResponder {
  typealias Context = BasicRequestContext

  private let table: RouteTable
  private let entrance: Entrance
  private let threads: BlockingThreads
  private let logger: Logger

  init(_ api: API, token: String?, logger: Logger) {
    table = api.table
    entrance = Entrance(token: token)
    // half of the connections at most, so that those who look on never keep the others from working
    threads = BlockingThreads(limit: max(2, api.parts.engine.database.configuration.poolSize / 2))
    self.logger = logger
  }

  /// - Throws: what the connection threw while the body was read; there is nobody to answer then.
  func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
    let start = ContinuousClock.now
    var answer: Answer
    do {
      answer = try await self.answer(request)
    } catch let lost as LostConnection {
      throw lost.cause
    } catch {
      answer = problem(error, request).answer
    }
    logger.debug(
      "Answered",
      metadata: [
        "method": "\(request.method)", "path": "\(request.head.path?.prefix(200) ?? "")", "status": "\(answer.status)",
        "duration.ms": "\((ContinuousClock.now - start) / .milliseconds(1))",
      ])
    return Self.response(answer, isHead: request.method == .head)
  }

  private func answer(_ request: Request) async throws -> Answer {
    let caller = try entrance.caller(of: request.head)
    let target = try RequestTarget(request.head.path ?? "")
    let route: Route
    let path: [String: String]
    do {
      (route, path) = try table.find(request.method, target.path)
    } catch {
      // what there is and what not is for those who may read
      try entrance.check(caller, may: .viewer)
      throw error
    }
    try entrance.check(caller, may: route.access)
    let values = try route.values(path: path, query: target.query)
    let call = Call(caller: caller, values: values, body: route.body == nil ? [] : try await body(of: request))
    switch route.work {
    case .quick(let work): return try await work(call)
    case .blocking(let work): return try await threads.perform { try work(call) }
    }
  }

  private func body(of request: Request) async throws -> [UInt8] {
    let tooLarge = Problem(
      .bodyTooLarge, "the body is larger than \(Limits.bodyBytes) bytes", hint: "Put what is large into a container and pass its name.")
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > Limits.bodyBytes { throw tooLarge }
    do {
      let buffer = try await request.body.collect(upTo: Limits.bodyBytes)
      return Array(buffer.readableBytesView)
    } catch is NIOTooManyBytesError {
      throw tooLarge
    } catch {
      throw LostConnection(cause: error)
    }
  }

  private func problem(_ error: any Error, _ request: Request) -> Problem {
    let problem = Problem(cause: error)
    if problem.kind.status >= 500 {
      logger.error(
        "Could not answer a request",
        metadata: [
          "method": "\(request.method)", "path": "\(request.head.path?.prefix(200) ?? "")", "status": "\(problem.kind.status)",
          "error": "\(String(reflecting: error))",
        ])
    }
    return problem
  }

  private static func response(_ answer: Answer, isHead: Bool) -> Response {
    var headers = answer.headers
    headers[.contentType] = answer.contentType
    SecurityHeaders.add(to: &headers)
    let response = Response(
      status: HTTPResponse.Status(code: answer.status), headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    return isHead ? response.createHeadResponse() : response
  }

  private struct LostConnection: Error {
    var cause: any Error
  }
}
