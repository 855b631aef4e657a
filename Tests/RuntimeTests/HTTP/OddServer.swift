import TestSupport

/// A small HTTP server on this machine that answers as a test says: also wrongly, or only in part.
final class OddServer: Sendable {
  struct Request: Sendable {
    var method: String
    /// Path and query.
    var target: String
    /// Lower-case names.
    var headers: [String: String]
    var body: [UInt8]
  }

  struct Reply: Sendable {
    var status = 200
    var headers: [(String, String)] = []
    var body: [UInt8] = []
    /// Bytes of the body after which the connection is cut; nil: none.
    var cutAfter: Int?
    /// What Content-Length says, instead of the truth.
    var claims: Int?
    /// No Content-Length: the connection's end is the body's.
    var isOpenEnded = false

    init(
      _ status: Int = 200, _ headers: [(String, String)] = [], body: [UInt8] = [], cutAfter: Int? = nil, claims: Int? = nil,
      isOpenEnded: Bool = false
    ) {
      self.status = status
      self.headers = headers
      self.body = body
      self.cutAfter = cutAfter
      self.claims = claims
      self.isOpenEnded = isOpenEnded
    }

    init(_ status: Int = 200, _ headers: [(String, String)] = [], text: String) {
      self.init(status, headers, body: Array(text.utf8))
    }
  }

  private let server: ScriptedServer

  /// - Parameters:
  ///   - isVersion6: listens on `::1` instead of `127.0.0.1`.
  ///   - answer: of a request and its number from 0, called on a thread of its connection.
  init(isVersion6: Bool = false, _ answer: @escaping @Sendable (Request, Int) -> Reply) {
    server = ScriptedServer(isVersion6: isVersion6) { scripted in
      let request = Request(scripted)
      return answer(request, scripted.number).scripted(hasBody: request.method != "HEAD")
    }
  }

  var port: Int { server.port }
  var url: String { server.url }
  var requests: [Request] { server.requests.map(Request.init) }
}

extension OddServer.Request {
  fileprivate init(_ request: ScriptedServer.Request) {
    let lines = request.head.split(separator: "\r\n")
    let words = lines[0].split(separator: " ")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
    }
    self.init(method: String(words[0]), target: String(words[1]), headers: headers, body: request.body)
  }
}

extension OddServer.Reply {
  fileprivate func scripted(hasBody: Bool) -> ScriptedServer.Answer {
    var head = "HTTP/1.1 \(status) Answer\r\n"
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    if !isOpenEnded, status != 304 { head += "Content-Length: \(claims ?? body.count)\r\n" }
    if isOpenEnded { head += "Connection: close\r\n" }
    let bytes = Array((head + "\r\n").utf8) + (hasBody ? body[..<min(cutAfter ?? .max, body.count)] : [])
    return cutAfter == nil && !isOpenEnded && claims == nil ? .bytes(bytes) : .last(bytes)
  }
}
