import HandlerKit

/// Sends the requests of its params one after another and tells what came of each.
struct SendRequests: Handler {
  static let name = "scripted.http"
  static let version = "1.0.0"
  static let optional: [Service] = [.http]
  static let isIdempotent = true
  static let params: Schema = #"{"type":"object"}"#

  struct Request: Decodable {
    var url: String
    var method: String?
    var headers: [String: String]?
    var auth: String?
    var timeout_ms: Int?
    var max_bytes: Int?
    var body: String?
    /// Of a download.
    var container: String?
    var key: String?
    var if_exists: String?
    var sha256: String?

    var http: HTTPRequest {
      // a request of the tests has one header at most
      let header = headers?.first
      return HTTPRequest(
        url, method: method ?? "GET", headers: header.map { [$0.key: $0.value] } ?? [:], auth: auth,
        timeout: timeout_ms.map { .milliseconds($0) }, maxBytes: max_bytes, body: Array((body ?? "").utf8))
    }
  }

  struct Params: Decodable {
    var requests: [Request]
  }

  struct Answer: Encodable {
    var status: Int?
    var headers: [String: String]?
    var url: String?
    var body: String?
    var size: Int?
    var etag: String?
    var error: String?
    var code: Int32?
    var details: String?
  }

  struct Result: Encodable {
    var answers: [Answer]
  }

  func run(_ params: Params, _ task: Task) throws -> Result {
    Result(answers: params.requests.map { send($0, task) })
  }

  private func send(_ request: Request, _ task: Task) -> Answer {
    do throws(HandlerError) {
      let answer = try task.http.answer(to: request.http)
      return Answer(
        status: answer.status, headers: answer.headers, url: answer.url, body: String(decoding: answer.body.prefix(1000), as: UTF8.self),
        size: answer.body.count, error: answer.failure?.message, code: answer.failure?.status.code,
        details: answer.failure?.details?.text)
    } catch {
      return Answer(error: error.message, code: error.status.code, details: error.details?.text)
    }
  }
}

/// Downloads one object; its failure is the task's.
struct Download: Handler {
  static let name = "scripted.download"
  static let version = "1.0.0"
  static let optional: [Service] = [.http]
  static let isIdempotent = true
  static let params: Schema = #"{"type":"object"}"#

  func run(_ params: SendRequests.Request, _ task: Task) throws -> SendRequests.Answer {
    let options = WriteOptions(ifExists: params.if_exists.flatMap { WriteOptions.IfExists(rawValue: $0) }, sha256: params.sha256)
    let answer = try task.http.download(params.http, to: params.container, params.key ?? "a", options: options)
    return SendRequests.Answer(
      status: answer.status, headers: answer.headers, url: answer.url, size: answer.object?.size, etag: answer.object?.etag)
  }
}
