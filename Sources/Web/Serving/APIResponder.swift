import Database
import Engine
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Answers every request: checks it against the route table, asks the route, and turns what is thrown into a problem.
struct APIResponder: HTTPResponder {
  typealias Context = Visit

  private let table: RouteTable
  private let entrance: Entrance
  private let threads: BlockingThreads
  /// Tells pages what changes; to be closed when no request comes any more.
  let hub: EventHub
  private let logger: Logger

  init(_ parts: WebServer.Parts) {
    // half of the connections at most, so that those who look on never keep the others from working
    threads = BlockingThreads(limit: max(2, parts.engine.database.configuration.poolSize / 2))
    entrance = Entrance(keyring: Keyring(parts, threads: threads), logger: parts.logger)
    let readings = PageReadings(engine: parts.engine, interval: parts.sampleInterval)
    hub = EventHub(
      threads: threads, interval: parts.refresh, start: String(UInt32.random(in: .min ... .max), radix: 36), logger: parts.logger,
      read: readings.parts)
    table = API(parts, entrance: entrance, readings: readings, hub: hub).table
    logger = parts.logger
  }

  /// - Throws: what the connection threw while the body was read; there is nobody to answer then.
  func respond(to request: Request, context: Visit) async throws -> Response {
    let start = ContinuousClock.now
    var answer: Answer
    do {
      answer = try await self.answer(request, from: context.address)
    } catch let lost as LostConnection {
      throw lost.cause
    } catch {
      let (problem, target) = (problem(error, request), request.head.path ?? "")
      let isChange = request.method != .get && request.method != .head
      answer = ProblemPage.serves(target) ? ProblemPage(problem: problem, target: target).answer(isChange: isChange) : problem.answer
    }
    logger.debug(
      "Answered",
      metadata: [
        "method": "\(request.method)", "path": "\(request.head.path?.prefix(200) ?? "")", "status": "\(answer.status)",
        "duration.ms": "\((ContinuousClock.now - start) / .milliseconds(1))",
      ])
    return Self.response(answer, to: request)
  }

  private func answer(_ request: Request, from address: String) async throws -> Answer {
    // what cannot be read asks for nothing that would have to be guarded
    let target = try RequestTarget(request.head.path ?? "")
    let found = Result { try table.find(request.method, target.path) }
    // what there is and what not is for those who may read
    let access = (try? found.get().route.access) ?? .viewer  // thrown again below
    let caller = try await entrance.caller(of: request.head, needing: access, from: address)
    try entrance.check(caller, may: access)
    let (route, path) = try found.get()
    let query = route.audience == .people ? target.query.filter { !$0.value.isEmpty } : target.query
    let values = try route.values(path: path, query: query)
    let body = route.body == nil ? [] : try await body(of: request)
    let call = Call(caller: caller, values: values, body: body, head: request.head, address: address)
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

  private static func response(_ answer: Answer, to request: Request) -> Response {
    var headers = answer.headers
    if let type = answer.contentType { headers[.contentType] = type }
    SecurityHeaders.add(to: &headers)
    let body = answer.viewer.map { stream($0, to: request) } ?? ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
    let response = Response(status: HTTPResponse.Status(code: answer.status), headers: headers, body: body)
    guard request.method == .head else { return response }
    answer.viewer?.end()
    return response.createHeadResponse()
  }

  /// Writes what a viewer is sent until it goes away, or is to go.
  private static func stream(_ viewer: EventViewer, to request: Request) -> ResponseBody {
    ResponseBody { writer in
      defer { viewer.end() }
      try await request.body.consumeWithInboundCloseHandler { _ in
        for await bytes in viewer.events { try await writer.write(bytes) }
      } onInboundClosed: {
        viewer.end()
      }
      try await writer.finish(nil)
    }
  }

  private struct LostConnection: Error {
    var cause: any Error
  }
}
