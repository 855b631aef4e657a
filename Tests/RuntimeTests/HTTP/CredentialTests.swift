import Database
import Engine
import Glibc
import Logging
import Synchronization
import TestSupport
import Testing
import Workflow

@testable import Runtime

/// Keeps every line that is logged.
private final class Lines: LogHandler, @unchecked Sendable {  // `kept` has its lock; the rest is never changed
  private static let all = Mutex<[String]>([])
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.trace

  static var kept: [String] { all.withLock { $0 } }

  subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    Self.all.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
  }
}

@Suite struct `A credential` {
  private static let secret = "s3cr3t/+ &Tail%41"

  let http: HTTPHouse

  init() throws { http = try HTTPHouse() }

  private func configuration(_ credential: String, secret: String = secret) throws -> HTTPServiceConfiguration {
    var configuration = HTTPHouse.configuration()
    let settings = try HostConfiguration.load(
      file: ("weir.json", Array(#"{"http_credentials": {"key": \#(credential)}}"#.utf8)), environment: [:])
    configuration.credentials = settings.configuration.httpCredentials
    configuration.environment = ["THE_KEY": secret]
    return configuration
  }

  private static func tail(_ more: String = "") -> String {
    #""env": "THE_KEY", "hosts": ["127.0.0.1"], "allow_http": true\#(more)"#
  }

  @Test(arguments: [
    (#"{"type": "bearer", \#(Self.tail())}"#, "authorization", "Bearer s3cr3t/+ &Tail%41"),
    (#"{"type": "basic", "user": "me", \#(Self.tail())}"#, "authorization", "Basic bWU6czNjcjN0LysgJlRhaWwlNDE="),
    (#"{"type": "header", "name": "X-Api-Key", \#(Self.tail())}"#, "x-api-key", "s3cr3t/+ &Tail%41"),
  ])
  func `is sent in its header`(credential: String, header: String, value: String) async throws {
    let server = OddServer { _, _ in OddServer.Reply(text: "ok") }
    let answer = try await http.answer(#"{"url": "\#(server.url)", "auth": "key"}"#, try configuration(credential))
    #expect(answer.member("body")?.string == "ok", "\(answer.text)")
    #expect(server.requests.map { $0.headers[header] } == [value])
  }

  @Test func `is sent in the query, percent-encoded`() async throws {
    let server = OddServer { _, _ in OddServer.Reply(text: "ok") }
    let credential = #"{"type": "query", "name": "token", \#(Self.tail())}"#
    _ = try await http.answers(
      #"[{"url": "\#(server.url)", "auth": "key"}, {"url": "\#(server.url)/a?b=c", "auth": "key"}]"#, try configuration(credential))
    let sent = "token=s3cr3t%2F%2B%20%26Tail%2541"
    #expect(server.requests.map(\.target) == ["/?\(sent)", "/a?b=c&\(sent)"])
  }

  @Test func `of several parts is sent in the query, each by its name, and none of them comes back`() async throws {
    let server = OddServer { request, _ in OddServer.Reply(200, [("X-Seen", request.target)], text: "ok") }
    let credential = #"{"type": "query", "names": ["auth_key", "auth_token"], \#(Self.tail())}"#
    let answer = try await http.answer(#"{"url": "\#(server.url)/a?b=c", "auth": "key"}"#, try configuration(credential, secret: "k%y:t&n"))
    #expect(server.requests.map(\.target) == ["/a?b=c&auth_key=k%25y&auth_token=t%26n"])
    #expect(answer.text.contains("auth_key=(hidden)&auth_token=(hidden)"), "\(answer.text)")
    let short = try await http.answer(#"{"url": "\#(server.url)", "auth": "key"}"#, try configuration(credential, secret: "only-one"))
    #expect(
      short.error.hasSuffix(#"credential "key": its secret must have 2 parts with ":" between them, for auth_key and auth_token"#),
      "\(short.error)")
  }

  @Test func `is read from a file each time`() async throws {
    let path = "\(http.workshop.folder.path)/key"
    let server = OddServer { _, _ in OddServer.Reply(text: "ok") }
    let credential = #"{"type": "bearer", "file": "\#(path)", "hosts": ["127.0.0.*"], "allow_http": true}"#
    for text in ["first\n", "second"] {
      let file = try #require(fopen(path, "w"))
      fputs(text, file)
      fclose(file)
      _ = try await http.answer(#"{"url": "\#(server.url)", "auth": "key"}"#, try configuration(credential))
    }
    #expect(server.requests.map { $0.headers["authorization"] } == ["Bearer first", "Bearer second"])
  }

  @Test(arguments: [
    (#"{"type": "bearer", "env": "NONE", "hosts": ["*"], "allow_http": true}"#, 200, #"credential "key": the host has no variable NONE"#),
    (
      #"{"type": "bearer", "file": "/nowhere/key", "hosts": ["*"], "allow_http": true}"#, 200,
      #"credential "key": the host cannot read /nowhere/key"#
    ),
    (
      #"{"type": "bearer", "env": "THE_KEY", "hosts": ["a.example"], "allow_http": true}"#, 201,
      #"credential "key": the configuration does not let it go to 127.0.0.1"#
    ),
    (
      #"{"type": "bearer", "env": "THE_KEY", "hosts": ["127.0.0.1"]}"#, 201,
      #"credential "key": it is not sent over http, where others can read it"#
    ),
  ])
  func `goes only where it may, and says what it lacks`(credential: String, code: Int, message: String) async throws {
    let server = OddServer { _, _ in OddServer.Reply(text: "ok") }
    let answer = try await http.answer(#"{"url": "\#(server.url)", "auth": "key"}"#, try configuration(credential))
    #expect(answer.code == code && answer.error.hasSuffix(message), "\(answer.error)")
    #expect(server.requests.isEmpty)
  }

  @Test func `that is more than one line is not sent`() async throws {
    let server = OddServer { _, _ in OddServer.Reply(text: "ok") }
    let configuration = try configuration(#"{"type": "bearer", \#(Self.tail())}"#, secret: "a\r\nX: y")
    let answer = try await http.answer(#"{"url": "\#(server.url)", "auth": "key"}"#, configuration)
    #expect(answer.error.hasSuffix(#"credential "key": its secret is more than one line, or holds control characters"#))
    #expect(server.requests.isEmpty)
  }

  @Test(arguments: ["bearer", "query"])
  func `stays with its origin over redirects`(type: String) async throws {
    let other = OddServer { _, _ in OddServer.Reply(text: "there") }
    let server = OddServer { request, _ in
      request.target.hasPrefix("/out")
        ? OddServer.Reply(302, [("Location", "http://127.0.0.1:\(other.port)/")])
        : request.target.hasPrefix("/in") ? OddServer.Reply(302, [("Location", "/here")]) : OddServer.Reply(text: "here")
    }
    let name = type == "query" ? #""name": "token", "# : ""
    let configuration = try configuration(#"{"type": "\#(type)", \#(name)\#(Self.tail())}"#)
    _ = try await http.answers(
      #"[{"url": "\#(server.url)/in", "auth": "key"}, {"url": "\#(server.url)/out", "auth": "key"}]"#, configuration)
    func hasKey(_ request: OddServer.Request) -> Bool { request.headers["authorization"] != nil || request.target.contains("token=") }
    #expect(server.requests.map(hasKey) == [true, true, true])
    #expect(other.requests.map(hasKey) == [false])
  }

  @Test func `is not carried to another origin by a server that writes it into its redirect`() async throws {
    let other = OddServer { _, _ in OddServer.Reply(text: "there") }
    let server = OddServer { request, _ in
      OddServer.Reply(302, [("Location", "http://127.0.0.1:\(other.port)/?t=\(request.target.split(separator: "=").last ?? "")")])
    }
    let configuration = try configuration(#"{"type": "query", "name": "token", \#(Self.tail())}"#)
    let answer = try await http.answer(#"{"url": "\#(server.url)", "auth": "key"}"#, configuration)
    #expect(answer.code == 201 && other.requests.isEmpty)
    #expect(answer.error.hasSuffix("to 127.0.0.1, with the credential in the URL"), "\(answer.error)")
  }

  @Test func `stands in no log, result, error or row, also when the server sends it back`() async throws {
    let house = try House(logger: Logger(label: "test") { _ in Lines() })
    let plugin = try house.plugin("Scripted", House.scripted, grants: HTTPHouse.grants())
    let server = OddServer { request, number in
      let echo = request.target.split(separator: "=").last.map(String.init) ?? ""
      let headers = [("X-Echo", echo), ("X-Plain", Self.secret), ("ETag", "\"\(Self.secret)\"")]
      if request.target.hasPrefix("/loop") { return OddServer.Reply(302, headers + [("Location", request.target)]) }
      if request.target.hasPrefix("/deny") { return OddServer.Reply(403, headers, text: "no") }
      if request.target.hasPrefix("/cut") { return OddServer.Reply(200, headers, body: [1, 2], cutAfter: 1) }
      return OddServer.Reply(200, headers, text: "ok")
    }
    let configuration = try configuration(#"{"type": "query", "name": "token", \#(Self.tail())}"#)
    let requests = ["ok", "deny", "cut", "loop"].map { #"{"url": "\#(server.url)/\#($0)", "auth": "key"}"# }
    let stages = #"""
      [{"id": "a", "handler": "scripted.http", "params": {"requests": [\#(requests.joined(separator: ", "))]}},
       {"id": "b", "handler": "scripted.download", "needs": ["a"],
        "params": {"url": "\#(server.url)/deny", "auth": "key", "container": "silver"}}]
      """#
    let job = try await house.run(stages, on: [plugin], http: configuration)
    let result = job.stages[0].result?.text ?? ""
    #expect(result.contains(#""x-echo":"(hidden)""#), "\(result)")
    #expect(server.requests.allSatisfy { $0.target.contains("token=s3cr3t") })
    let rows = try house.own.database.withConnection { connection in
      try connection.query(
        """
        SELECT query_to_xml(format('SELECT t::text AS whole FROM %I.%I AS t', schemaname, tablename), true, false, '')::text
        FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
        """
      ).map { try $0.string(0) }
    }
    let everything = rows + Lines.kept + [result]
    #expect(everything.count > 10)
    for form in [Self.secret, "s3cr3t", "czNjcjN0", "%2541"] {
      #expect(!everything.contains { $0.contains(form) }, "\(everything.first { $0.contains(form) } ?? "")")
    }
  }
}
