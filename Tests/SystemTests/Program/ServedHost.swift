import Glibc
import TestSupport
import Workflow

/// A host that serves: `weir serve`, and what one asks of it over HTTP.
struct ServedHost: Sendable {
  let program: RunningProgram
  let url: String
  private let token: String?

  var port: Int { Int(url.split(separator: ":").last ?? "") ?? 0 }

  /// Waits until the host says where it serves.
  init(_ program: RunningProgram, token: String? = nil) async throws {
    self.program = program
    self.token = token
    url = try await program.wait("word of where it serves") {
      program.out.split(separator: "\n").first { $0.hasPrefix("Serving at ") }.map { String($0.dropFirst(11)) }
    }
  }

  /// A host that has said where.
  init(_ program: RunningProgram, url: String) {
    (self.program, self.url, token) = (program, url, nil)
  }

  func get(_ path: String) async throws -> HTTPAnswer { try await send("GET", path) }
  func post(_ path: String, _ body: String = "") async throws -> HTTPAnswer { try await send("POST", path, body) }

  func send(_ method: String, _ path: String, _ body: String = "") async throws -> HTTPAnswer {
    let request = """
      \(method) \(path) HTTP/1.1\r
      Host: localhost\r
      Connection: close\r
      Content-Type: application/json\r
      Content-Length: \(body.utf8.count)\r
      \(token.map { "Authorization: Bearer \($0)\r\n" } ?? "")\r
      \(body)
      """
    return try await onOwnThread { [port] in try Self.answer(port: port, request) }
  }

  /// Whatever bytes a test likes, and the end of them.
  func exchange(_ request: [UInt8]) async throws -> HTTPAnswer? {
    try await onOwnThread { [port] in HTTPAnswer(try HTTPExchange.send(port: port, request, endsInput: true)) }
  }

  private static func answer(port: Int, _ request: String) throws -> HTTPAnswer {
    guard let answer = HTTPAnswer(try HTTPExchange.send(port: port, Array(request.utf8))) else {
      throw RunningProgram.Failure(description: "no answer to \(request.prefix(200))")
    }
    return answer
  }

  /// Submits a job and answers its id.
  func submit(_ workflow: String, _ params: String = "{}") async throws -> String {
    let answer = try await post("/api/jobs/submit/\(workflow)", params)
    guard answer.status == 201, let id = answer.json["job_id"]?.stringValue else {
      throw RunningProgram.Failure(description: "\(answer.status): \(answer.text)")
    }
    return id
  }

  /// The job as it ended.
  func end(of job: String, within limit: Duration = .seconds(180)) async throws -> JSON {
    let port = port
    return try await program.wait("end of job \(job)", within: limit, every: .milliseconds(50)) {
      let request = "GET /api/jobs/\(job) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
      let view = try Self.answer(port: port, request).json
      let isFinal = view["state"]?.stringValue.flatMap(JobState.init(rawValue:))?.isFinal ?? false
      return isFinal ? view : JSON?.none
    }
  }

  func failures(of job: String) async throws -> JSON { try await get("/api/jobs/\(job)/failures").json }

  /// SIGTERM, and what came of it.
  func stop() async throws -> Output {
    program.signal(SIGTERM)
    return try await program.end(within: .seconds(60))
  }

  /// `kill -9`.
  func kill() async throws {
    program.signal(SIGKILL)
    _ = try await program.end(within: .seconds(60))
  }
}

extension JSON {
  /// The stage of a job.
  func stage(_ id: String) -> JSON { (self["stages"]?.arrayValue ?? []).first { $0["id"]?.stringValue == id } ?? .null }
  var state: String { self["state"]?.stringValue ?? "" }
}
