import Glibc
import Runners
import Storage
import Synchronization
import TestSupport
import Testing
import Workflow

@testable import Runtime

/// A plugin that may ask servers on this machine, called without a host.
struct HTTPHouse {
  let workshop: Workshop
  let plugin: LoadedPlugin

  init(hosts: String = #"["127.0.0.1", "localhost"]"#) throws {
    workshop = try Workshop()
    plugin = try workshop.plugin("Scripted", House.scripted, grants: Self.grants(hosts))
  }

  static func grants(_ hosts: String = #"["127.0.0.1"]"#) -> String {
    #"{"weir.http/1": {"hosts": \#(hosts), "credentials": ["key"]}, "weir.storage/1": {"write": ["silver"]}}"#
  }

  static func configuration(_ allowed: [String] = ["127.0.0.0/8", "::1"], partials: String? = nil) -> HTTPServiceConfiguration {
    var configuration = HTTPServiceConfiguration(privateAddresses: allowed.compactMap { NetworkRange($0) }, partials: partials)
    configuration.tries = Storage.RetryPolicy(attempts: 4, base: .milliseconds(1), cap: .milliseconds(2), patience: .seconds(2))
    configuration.keepsFrom = 1
    return configuration
  }

  /// What became of each request.
  func answers(_ requests: String, _ configuration: HTTPServiceConfiguration = configuration()) async throws -> [RawJSON] {
    let outcome = try await call("scripted.http", #"{"requests": \#(requests)}"#, configuration)
    #expect(outcome.kind == .completed, "\(outcome.message)")
    var answers: [RawJSON] = []
    outcome.result?.member("answers")?.forEachElement { answers.append($0) }
    return answers
  }

  func call(
    _ name: String, _ params: String, _ configuration: HTTPServiceConfiguration,
    onProgress: @escaping @Sendable (UInt64, UInt64, String?) -> Void = { _, _, _ in }
  ) async throws -> Outcome {
    let handler = try #require(plugin.handlers.first { $0.name == name })
    let single = try workshop.single(handler, http: configuration)
    let hearing = SingleCall.Hearing(onLog: { _ in }, onEmitted: { _, _ in }, onProgress: onProgress)
    return try await onOwnThread { try single.make(params: Array(params.utf8), hearing: hearing) }
  }

  func answer(_ request: String, _ configuration: HTTPServiceConfiguration = configuration()) async throws -> RawJSON {
    try #require(try await answers("[\(request)]", configuration).first)
  }

  func download(_ request: String, _ configuration: HTTPServiceConfiguration = configuration()) async throws -> Outcome {
    try await call("scripted.download", request, configuration)
  }

  func stored(_ key: String) -> [UInt8]? { workshop.bytes("silver/\(key)") }
}

extension RawJSON {
  var code: Int? { member("code")?.int }
  var error: String { member("error")?.string ?? "" }
}

@Suite struct `weir.http/1` {
  let http: HTTPHouse

  init() throws { http = try HTTPHouse() }

  @Test func `sends what a handler asks and gives what came`() async throws {
    let server = OddServer { request, _ in
      OddServer.Reply(201, [("X-Seen", request.headers["x-mine"] ?? ""), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], body: request.body)
    }
    let answer = try await http.answer(
      #"{"url": "\#(server.url)/a%20b?c=d#e", "method": "POST", "headers": {"X-Mine": "é"}, "body": "hello"}"#)
    #expect(answer.member("status")?.int == 201 && answer.member("body")?.string == "hello" && answer.code == nil)
    #expect(answer.member("headers")?.member("x-seen")?.string == "é")
    #expect(answer.member("headers")?.member("set-cookie")?.string == "a=1, b=2")
    #expect(answer.member("url")?.string == "\(server.url)/a%20b?c=d")
    #expect(server.requests.map(\.method) == ["POST"] && server.requests[0].target == "/a%20b?c=d")
    #expect(server.requests[0].headers["host"] == "127.0.0.1:\(server.port)" && server.requests[0].headers["expect"] == nil)
  }

  @Test(
    arguments: [
      (200, nil), (204, nil), (304, nil), (401, 201), (403, 201), (404, 202), (410, 202), (400, 200), (418, 200), (300, 200), (501, 100),
      (500, 100), (503, 102), (429, 102), (408, 101), (504, 101),
    ] as [(Int, Int?)])
  func `gives every status its class, and the answer with it`(status: Int, code: Int?) async throws {
    let server = OddServer { _, _ in OddServer.Reply(status, text: [204, 304].contains(status) ? "" : "why") }
    let answer = try await http.answer(#"{"url": "\#(server.url)/x?key=v"}"#)
    #expect(answer.member("status")?.int == status && answer.code == code)
    if let code {
      #expect(answer.member("body")?.string == "why")
      #expect(answer.error == "GET \(server.url)/x: \(server.url)/x: the server answered \(status)")
      #expect(answer.member("details")?.string?.contains("\"http_status\":\(status)") == true)
      #expect(server.requests.count == (code < 200 ? 4 : 1))
    }
  }

  @Test func `repeats what may pass`() async throws {
    let server = OddServer { _, number in
      number < 2 ? OddServer.Reply(503, [("Retry-After", "0")], text: "storm") : OddServer.Reply(text: "calm")
    }
    let answer = try await http.answer(#"{"url": "\#(server.url)"}"#)
    #expect(answer.member("body")?.string == "calm" && server.requests.count == 3)
  }

  @Test func `does not wait longer than it has patience for, and says how long the server wants`() async throws {
    let server = OddServer { _, _ in OddServer.Reply(429, [("Retry-After", "3600")], text: "later") }
    let answer = try await http.answer(#"{"url": "\#(server.url)"}"#)
    #expect(answer.code == 102 && answer.member("body")?.string == "later" && server.requests.count == 1)
    #expect(answer.member("details")?.string == #"{"retry_after_ms":3600000,"http_status":429}"#)
  }

  @Test func `repeats after a cut only what may be sent twice`() async throws {
    let server = OddServer { _, number in number % 2 == 0 ? OddServer.Reply(body: [1, 2, 3], cutAfter: 1) : OddServer.Reply(text: "whole") }
    let answers = try await http.answers(#"[{"url": "\#(server.url)"}, {"url": "\#(server.url)", "method": "POST", "body": "x"}]"#)
    #expect(answers[0].member("body")?.string == "whole")
    #expect(answers[1].code == 103 && server.requests.count == 3, "\(answers[1].text)")
  }

  @Test func `takes no more than it is told to`() async throws {
    let server = OddServer { request, _ in
      request.target == "/open"
        ? OddServer.Reply(body: Array(repeating: 65, count: 5000), isOpenEnded: true)
        : OddServer.Reply(body: Array(repeating: 65, count: 5000))
    }
    let answers = try await http.answers(
      #"[{"url": "\#(server.url)/", "max_bytes": 4999}, {"url": "\#(server.url)/open", "max_bytes": 4999}, {"url": "\#(server.url)/open", "max_bytes": 5000}]"#
    )
    #expect(answers.map(\.code) == [204, 204, nil])
    #expect(answers[0].member("status")?.int == 200 && answers[0].member("size")?.int == 0)
  }

  @Test func `ends within its time`() async throws {
    let release = Atomic(false)
    let server = OddServer { _, _ in
      until { release.load(ordering: .relaxed) }
      return OddServer.Reply(text: "late")
    }
    let answer = try await http.answer(#"{"url": "\#(server.url)", "timeout_ms": 100}"#)
    release.store(true, ordering: .relaxed)
    #expect(answer.code == 101, "\(answer.text)")
  }

  @Test(arguments: [
    (#""url": "http://other.example/""#, 201, "other.example: the plugin's manifest does not grant weir.http/1 for this host"),
    (#""url": "http://2130706433/""#, 300, "the URL: its host is a number: write an IPv4 address as four decimal numbers"),
    (
      #""url": "http://127.0.0.1/", "method": "CONNECT""#, 300,
      #"request: the method is "CONNECT", it can be GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"#
    ),
    (#""url": "http://127.0.0.1/", "headers": {"Host": "evil.example"}"#, 300, #"request: the header "Host" is the host's own"#),
    (
      #""url": "http://127.0.0.1/", "headers": {"Transfer-Encoding": "chunked"}"#, 300,
      #"request: the header "Transfer-Encoding" is the host's own"#
    ),
    (
      #""url": "http://127.0.0.1/", "headers": {"A": "b\r\nHost: evil.example"}"#, 300,
      #"request: the header "A" has a line break or another letter that headers cannot have"#
    ),
    (
      #""url": "http://127.0.0.1/", "headers": {"A\r\nB": "c"}"#, 300,
      #"request: the header "AB" has a line break or another letter that headers cannot have"#
    ),
    (#""url": "http://127.0.0.1/", "auth": "other""#, 201, #"credential "other": the plugin's manifest does not grant it to weir.http/1"#),
    (#""url": "http://127.0.0.1/", "auth": "key""#, 202, #"credential "key": the configuration names none such under "http_credentials""#),
  ])
  func `refuses what is not granted or could be read in two ways`(request: String, code: Int, message: String) async throws {
    let answer = try await http.answer("{\(request)}")
    #expect(answer.code == code)
    #expect(answer.error.hasSuffix(message), "\(answer.error)")
  }

  @Test(arguments: [
    (
      #"{"url": "http://a/", "retries": 3}"#, 205,
      #"request: there is no member "retries", only url, method, headers, auth, timeout_ms, max_bytes"#
    ),
    (#"{"method": "GET"}"#, 300, #"request: "url" is missing"#), (#"{"url": 3}"#, 300, #"request: "url" is 3, expected is a string"#),
    (#"{"url": "http://a/", "headers": {"a": 1}}"#, 300, #"request: "headers/a" is 1, expected is a string"#),
    (#"{"url": "http://a/", "max_bytes": -1}"#, 300, #"request: "max_bytes" is -1, expected is a whole number above 0"#),
    ("[]", 300, "request: no JSON object"), ("{", 300, "request: no JSON: "),
  ])
  func `refuses a request that it does not understand`(json: String, status: Int, message: String) {
    let fault = #expect(throws: ServiceFault.self) {
      _ = try HTTPCall(json: json, body: [], isDownload: false, grant: .init(hosts: [])) { name throws(ServiceFault) in
        throw ServiceFault(200, name)
      }
    }
    #expect(fault?.status == Int32(status) && fault?.message.hasPrefix(message) == true, "\(fault?.message ?? "")")
  }
}

@Suite struct `A thief with weir.http/1` {
  @Test(arguments: [
    "http://127.0.0.1:PORT/", "http://localhost:PORT/", "http://[::1]:PORT/", "http://169.254.169.254/latest/meta-data/",
    "http://[::ffff:127.0.0.1]:PORT/", "http://[::ffff:7f00:1]:PORT/", "http://0.0.0.0:PORT/", "http://[::]:PORT/", "http://10.0.0.1/",
  ])
  func `reaches no address of this machine or network, although every host is granted`(url: String) async throws {
    let http = try HTTPHouse(hosts: #"["*"]"#)
    let server = OddServer { _, _ in OddServer.Reply(text: "stolen") }
    let answer = try await http.answer(
      #"{"url": "\#(url.replacing("PORT", with: "\(server.port)"))"}"#, HTTPHouse.configuration([]))
    #expect(answer.code == 201, "\(answer.text)")
    #expect(answer.error.contains("is not allowed"), "\(answer.error)")
    #expect(server.requests.isEmpty)
  }

  @Test(arguments: ["http://2130706433:PORT/", "http://0x7f000001:PORT/", "http://0177.1:PORT/", "http://127.1:PORT/"])
  func `finds no other spelling`(url: String) async throws {
    let http = try HTTPHouse(hosts: #"["*"]"#)
    let server = OddServer { _, _ in OddServer.Reply(text: "stolen") }
    let answer = try await http.answer(#"{"url": "\#(url.replacing("PORT", with: "\(server.port)"))"}"#)
    #expect(answer.code == 300 && server.requests.isEmpty, "\(answer.text)")
  }

  @Test(arguments: [
    ("http://127.0.0.2:PORT/", "is not allowed"), ("http://[::1]:PORT/", "is not allowed"), ("http://2130706434:PORT/", "is not allowed"),
    ("http://0x7f000002:PORT/", "is not allowed"), ("http://user@127.0.0.1:PORT/", "it has a user before the host"),
    ("file:///etc/passwd", "HTTP"), ("gopher://127.0.0.1:PORT/", "HTTP"),
  ])
  func `is not led there by a redirect`(target: String, why: String) async throws {
    let http = try HTTPHouse(hosts: #"["*"]"#)
    let inner = OddServer { _, _ in OddServer.Reply(text: "stolen") }
    let outer = OddServer { _, _ in OddServer.Reply(302, [("Location", target.replacing("PORT", with: "\(inner.port)"))]) }
    let answer = try await http.answer(#"{"url": "\#(outer.url)"}"#, HTTPHouse.configuration(["127.0.0.1"]))
    #expect(inner.requests.isEmpty && answer.code != nil, "\(answer.text)")
    if why != "HTTP" { #expect(answer.code == 201 && answer.error.contains(why), "\(answer.error)") }
  }

  @Test func `is not led to a host that is not granted`() async throws {
    let http = try HTTPHouse(hosts: #"["127.0.0.1"]"#)
    let inner = OddServer { _, _ in OddServer.Reply(text: "stolen") }
    let outer = OddServer { _, _ in OddServer.Reply(301, [("Location", "http://localhost:\(inner.port)/")]) }
    let answer = try await http.answer(#"{"url": "\#(outer.url)"}"#)
    #expect(answer.code == 201 && inner.requests.isEmpty)
    #expect(
      answer.error == "GET \(outer.url): \(outer.url)/ redirects, which is not followed: "
        + "localhost: the plugin's manifest does not grant weir.http/1 for this host")
  }
}

@Suite struct `A redirect` {
  @Test(arguments: [
    (301, "GET", "GET", ""), (301, "POST", "GET", ""), (302, "POST", "GET", ""), (303, "PUT", "GET", ""), (307, "POST", "POST", "x"),
    (308, "PUT", "PUT", "x"), (303, "HEAD", "HEAD", ""),
  ])
  func `keeps or changes the method as it should`(status: Int, method: String, then: String, body: String) async throws {
    let http = try HTTPHouse()
    let server = OddServer { request, _ in
      request.target == "/" ? OddServer.Reply(status, [("Location", "next?a=b")]) : OddServer.Reply(text: "there")
    }
    let sent = ["GET", "HEAD"].contains(method) ? "" : #", "body": "x""#
    let answer = try await http.answer(#"{"url": "\#(server.url)", "method": "\#(method)"\#(sent)}"#)
    #expect(answer.member("url")?.string == "\(server.url)/next?a=b")
    #expect(server.requests.map(\.method) == [method, then])
    #expect(String(decoding: server.requests[1].body, as: UTF8.self) == body)
  }

  @Test func `that never ends, ends`() async throws {
    let http = try HTTPHouse()
    let server = OddServer { _, number in OddServer.Reply(302, [("Location", "/\(number)")]) }
    let answer = try await http.answer(#"{"url": "\#(server.url)"}"#)
    #expect(answer.code == 200 && answer.error.contains("redirects more than 10 times") && server.requests.count == 11)
  }

  @Test func `to another origin takes no header along that could be a secret`() async throws {
    let http = try HTTPHouse()
    let other = OddServer { _, _ in OddServer.Reply(text: "there") }
    let server = OddServer { _, _ in OddServer.Reply(302, [("Location", "http://127.0.0.1:\(other.port)/")]) }
    for header in ["Authorization", "Cookie", "X-Api-Key"] {
      _ = try await http.answer(#"{"url": "\#(server.url)", "headers": {"\#(header)": "s"}}"#)
      #expect(other.requests.last?.headers[header.lowercased()] == nil, "\(header)")
    }
    _ = try await http.answer(#"{"url": "\#(server.url)", "headers": {"Accept": "a/b"}}"#)
    #expect(other.requests.last?.headers["accept"] == "a/b")
  }

  @Test func `goes from https never down to http`() throws {
    let call = try HTTPCall(
      json: #"{"url": "https://a.example/"}"#, body: [], isDownload: false, grant: .init(hosts: [NamePattern("*")].compactMap { $0 })
    ) { name throws(ServiceFault) in throw ServiceFault(200, name) }
    let trail = RedirectTrail(call)
    let head = HTTPHead(status: 302)
    let first = call.request(adding: [], deadline: nil)
    #expect(trail.redirects.next(first, head, "https://b.example/") != nil)
    #expect(trail.redirects.next(first, head, "http://a.example/") == nil)
    #expect(trail.refusal?.message == "https://a.example/ redirects, which is not followed: from https down to http://a.example")
    #expect(trail.refusal?.status == 201)
  }
}
