import Synchronization
import TestSupport
import Testing

@testable import Storage

@Suite struct `HTTP requests` {
  private func code(_ body: () throws -> Void) -> HTTPError.Code? {
    do {
      try body()
      return nil
    } catch { return (error as? HTTPError)?.code }
  }

  @Test func `what is asked arrives as it was written, and so does the answer`() throws {
    let server = ScriptedServer { _ in .http(207, ["X-One: 1", "x-two:  2 "], "answer") }
    let request = HTTPRequest(
      "PUT", "\(server.url)/a/../b%20c?x=%2F&y=", headers: [("X-Empty", ""), ("X-Name", "v")], body: .bytes(Array("body".utf8)))
    let answer = try HTTPClient().send(request)
    #expect(answer.head.status == 207 && answer.head["x-one"] == "1" && answer.head["x-two"] == "2 " && answer.body == Array("answer".utf8))
    let seen = try #require(server.requests.first)
    #expect(seen.line == "PUT /a/../b%20c?x=%2F&y= HTTP/1.1")
    #expect(seen.header("X-Empty") == "" && seen.header("x-name") == "v" && seen.header("content-length") == "4")
    #expect(seen.header("expect") == nil && seen.header("content-type") == nil && seen.body == Array("body".utf8))
  }

  @Test func `a connection is used again, and one that the server closed is replaced`() throws {
    let server = ScriptedServer { $0.number == 3 ? .cut(after: ScriptedServer.Answer.head(200, length: 0)) : .http(200) }
    let client = HTTPClient()
    for _ in 0..<6 { _ = try client.send(HTTPRequest("POST", server.url + "/", body: .bytes([1, 2, 3]))) }
    #expect(server.requests.map(\.connection) == [0, 0, 0, 0, 1, 1])
    #expect(server.requests.allSatisfy { $0.body == [1, 2, 3] })
  }

  @Test func `many threads share one client`() throws {
    let server = ScriptedServer { .http(200, [], String($0.line.split(separator: " ")[1])) }
    let client = HTTPClient()
    let wrong = Atomic(0)
    Lanes.forEach(200, lanes: 16) { index in
      let answer = try? client.send(HTTPRequest("GET", "\(server.url)/\(index)"))  // nil counts as wrong
      if answer?.body != Array("/\(index)".utf8) { wrong.add(1, ordering: .relaxed) }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
    #expect(Set(server.requests.map(\.connection)).count <= 16)
  }

  @Test func `a body comes as it is pulled, whatever its size`() throws {
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let server = ScriptedServer { _ in .http(200, [], bytes) }
    let exchange = try HTTPClient().open(HTTPRequest("GET", server.url + "/"))
    #expect(exchange.head.contentLength == 3_000_000)
    var got: [UInt8] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 70_001, alignment: 1)
    defer { buffer.deallocate() }
    while case let count = try exchange.pull(into: buffer), count > 0 { got += buffer[..<count] }
    #expect(got == bytes)
  }

  @Test func `a body is read from its source while it is sent`() throws {
    let server = ScriptedServer { .http(200, [], "\($0.body.count)") }
    let source = Counting(size: 5_000_000)
    let answer = try HTTPClient().send(HTTPRequest("PUT", server.url + "/", body: .source(source)))
    #expect(answer.body == Array("5000000".utf8))
    #expect(server.requests.first?.body == (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0) })
  }

  @Test func `a body shorter than promised is an error, and so is a broken head`() throws {
    let server = ScriptedServer { request in
      switch request.line.split(separator: " ")[1] {
      case "/short": .cut(after: ScriptedServer.Answer.head(200, length: 10) + [1, 2])
      case "/none": .cut(after: [])
      default: .cut(after: Array("hello\r\n\r\n".utf8))
      }
    }
    let client = HTTPClient()
    for path in ["/short", "/none", "/odd"] {
      #expect(code { _ = try client.send(HTTPRequest("GET", server.url + path)) } == .cut)
    }
  }

  @Test func `every wait has an end`() throws {
    let server = ScriptedServer { _ in .silence(after: ScriptedServer.Answer.head(200, length: 10) + [1]) }
    var settings = HTTPSettings()
    settings.stall = .milliseconds(100)
    let client = HTTPClient(settings)
    #expect(code { _ = try client.send(HTTPRequest("GET", server.url + "/")) } == .stalled(.milliseconds(100)))
    #expect(code { _ = try HTTPClient().send(HTTPRequest("GET", server.url + "/", deadline: .milliseconds(100))) } == .late)
    let asked = Atomic(0)
    let cancel = Cancellation { asked.add(1, ordering: .relaxed).newValue > 3 }
    #expect(code { _ = try HTTPClient().send(HTTPRequest("GET", server.url + "/"), cancel: cancel) } == .cancelled)
  }

  @Test func `an answer larger than allowed is refused, by its length and by its bytes`() throws {
    let server = ScriptedServer { request in
      if request.line.contains("/chunked") {
        .bytes(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n".utf8))
      } else {
        .http(200, [], "helloworld")
      }
    }
    let client = HTTPClient()
    for path in ["/", "/chunked"] {
      #expect(code { _ = try client.send(HTTPRequest("GET", server.url + path, maxBytes: 9)) } == .tooLarge(limit: 9))
      #expect(try client.send(HTTPRequest("GET", server.url + path, maxBytes: 10)).body == Array("helloworld".utf8))
    }
  }

  @Test func `an address that is not admitted is never connected to`() throws {
    let server = ScriptedServer { _ in .http(200) }
    var settings = HTTPSettings()
    settings.addresses = ["inside.example:\(server.port):127.0.0.1"]
    settings.admits = { !$0.hasPrefix("127.") }
    let client = HTTPClient(settings)
    for host in ["127.0.0.1", "inside.example"] {
      let url = "http://\(host):\(server.port)/?secret=1"
      let error = #expect(throws: HTTPError.self) { try client.send(HTTPRequest("GET", url)) }
      #expect(error?.code == .forbiddenAddress("127.0.0.1"))
      #expect(error?.description.contains("secret") == false)
    }
    #expect(server.requests.isEmpty)
    settings.admits = { $0 == "127.0.0.1" }
    #expect(try HTTPClient(settings).send(HTTPRequest("GET", "http://inside.example:\(server.port)/")).head.status == 200)
  }

  @Test func `redirects are answers unless they are asked for, and a secret stays with its host`() throws {
    let other = ScriptedServer { .http(200, [], $0.header("authorization") ?? "none") }
    let server = ScriptedServer { [url = other.url] request in
      switch request.line.split(separator: " ")[1] {
      case "/out": .http(302, ["Location: \(url)/there"])
      case "/in": .http(307, ["Location: stay"])
      case "/loop": .http(302, ["Location: /loop"])
      default: .http(200, [], "\(request.line.prefix { $0 != " " }) \(request.header("authorization") ?? "none")")
      }
    }
    let client = HTTPClient()
    func get(_ path: String, _ redirects: HTTPRedirects) throws -> Storage.HTTPAnswer {
      let request = HTTPRequest("POST", server.url + path, headers: [("Authorization", "key")], body: .bytes([1]))
      return try client.send(request, redirects: redirects)
    }
    #expect(try get("/out", .off).head.status == 302)
    let away = try get("/out", .follow())
    #expect(away.body == Array("none".utf8) && away.head.url == other.url + "/there")
    #expect(try get("/in", .follow()).body == Array("POST key".utf8))
    #expect(code { _ = try get("/loop", .follow(3)) } == .tooManyRedirects(limit: 3))
    #expect(try get("/out", HTTPRedirects(limit: 1) { _, _, _ in nil }).head.status == 302)
  }

  @Test(arguments: [("ftp://127.0.0.1/x", HTTPError.Code.badURL), ("nothing", .badURL), ("http://127.0.0.1:1/", .noConnection)])
  func `what cannot be asked says why`(url: String, expected: HTTPError.Code) {
    #expect(code { _ = try HTTPClient().send(HTTPRequest("GET", url)) } == expected)
  }

  @Test(arguments: [("A b", "x"), ("", "x"), ("X", "a\r\nInjected: 1"), ("X:", "y")])
  func `a header that would be two is not sent`(name: String, value: String) {
    #expect(code { _ = try HTTPClient().send(HTTPRequest("GET", "http://127.0.0.1:1/", headers: [(name, value)])) } == .badHeader(name))
  }

  /// The bytes 0, 1, 2, ...
  private final class Counting: HTTPBodySource {
    let size: UInt64?
    private let next = Mutex<UInt64>(0)

    init(size: UInt64) { self.size = size }

    func read(into: UnsafeMutableRawBufferPointer) -> Int? {
      next.withLock { next in
        let count = min(UInt64(into.count), (size ?? 0) - next)
        for index in 0..<Int(count) { into[index] = UInt8(truncatingIfNeeded: next + UInt64(index)) }
        next += count
        return Int(count)
      }
    }

    func rewind() -> Bool {
      next.withLock { $0 = 0 }
      return true
    }
  }
}
