import HTTPTypes
import Workflow

/// What a request is answered with.
struct Answer: Sendable {
  var status: Int
  var headers: HTTPFields
  /// Nil of an answer without a body.
  var contentType: String?
  var body: [UInt8]
  /// Of a stream, which has no body before it ends.
  var viewer: EventViewer?

  init(status: Int = 200, headers: HTTPFields = [:], contentType: String? = "application/json", body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.contentType = contentType
    self.body = body
  }

  static func json(_ value: JSON, status: Int = 200, headers: HTTPFields = [:]) -> Answer {
    Answer(status: status, headers: headers, body: value.bytes)
  }

  /// Sends a browser on to another page.
  static func seeOther(_ path: String, headers: HTTPFields = [:]) -> Answer {
    var headers = headers
    headers[.location] = path
    return Answer(status: 303, headers: headers, contentType: nil, body: [])
  }

  /// One page of a listing, as `{"NAME": [...], "next": "..."}`.
  static func page(_ name: String, _ elements: [JSON], next: String?) -> Answer {
    .json(.object(JSONObject([(name, .array(elements)), ("next", next.map(JSON.string) ?? .null)])))
  }

  /// The same of texts that are JSON already.
  static func page(_ name: String, texts: [RawJSON], next: String?) -> Answer {
    var body = Array("{\(JSON.string(name).serialized()):[".utf8)
    for (position, text) in texts.enumerated() {
      if position > 0 { body.append(UInt8(ascii: ",")) }
      body += text.bytes
    }
    body += Array("],\"next\":\((next.map(JSON.string) ?? .null).serialized())}".utf8)
    return Answer(body: body)
  }
}
