import Database
import Engine
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
@testable import Web
import Workflow

/// A server on a free port of loopback, with a database of its own.
final class TestServer: Sendable {
  static let version = "9.8.7"
  /// Of the credential `partner`.
  static let signingKey = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

  let engine: Engine
  let port: Int
  let token: String?

  private static let template = TestTemplate("installed") { database in try Installation(database).install() }

  /// What all tests look at that change nothing, so that not each of them waits for a database.
  private static let untouched = Mutex<TestDatabase?>(nil)

  private static func shared() throws -> TestDatabase {
    try untouched.withLock { shared in
      if let shared { return shared }
      let made = try TestDatabase.make(template) { $0.settings = Engine.settings }
      shared = made
      return made
    }
  }

  /// Serves while `body` runs.
  /// - Parameter sample: false: nothing is in the database, and `body` changes nothing.
  static func with(
    token: String? = nil, sample: Bool = true, patience: Patience = Patience(), connections: Int = Limits.connections,
    _ body: @Sendable (TestServer) async throws -> Void
  ) async throws {
    let database = try await onOwnThread { sample ? try TestDatabase.make(template) { $0.settings = Engine.settings } : try shared() }
    let engine = Engine(database: database.database)
    if sample { try await onOwnThread { try Sample.put(into: engine) } }
    try await with(engine, token: token, patience: patience, connections: connections, body)
    withExtendedLifetime(database) {}
  }

  /// Serves while `body` runs, with curated datasets that have tables.
  /// - Parameter tilePatience: how long a tile may take.
  static func withMaps(
    token: String? = nil, tilePatience: Duration = .seconds(15), _ body: @Sendable (TestServer, MapSample) async throws -> Void
  ) async throws {
    let database = try await onOwnThread { try TestDatabase.make(template) { $0.settings = Engine.settings } }
    let guest = try await onOwnThread { try database.makeGuest() }
    let engine = Engine(database: database.database, curated: guest, tilePatience: tilePatience)
    let sample = MapSample(engine, guest)
    try await onOwnThread {
      try Sample.put(into: engine)
      try sample.put()
    }
    try await with(engine, token: token) { try await body($0, sample) }
    withExtendedLifetime(database) {}
  }

  /// Serves while `body` runs, from a database that may not be there.
  static func with(
    database: String, host: WebServer.WorkingHost? = nil, _ body: @Sendable (TestServer) async throws -> Void
  ) async throws {
    let database = Database(DatabaseConfiguration(url: database, settings: Engine.settings, logger: quiet))
    try await with(Engine(database: database), token: nil, host: host, body)
  }

  private static func with(
    _ engine: Engine, token: String?, patience: Patience = Patience(), connections: Int = Limits.connections,
    host: WebServer.WorkingHost? = nil, _ body: @Sendable (TestServer) async throws -> Void
  ) async throws {
    let changes = Changes()
    var parts = WebServer.Parts(
      engine: engine, address: ListenAddress(host: "127.0.0.1", port: 0), token: token, version: version, logger: quiet, host: host,
      onChange: { changes.count.withLock { $0 += 1 } })
    parts.signingKey = { $0 == "partner" ? Self.signingKey : nil }
    let web = WebServer(parts, patience: patience, connections: connections)
    try await serving(web) { url in
      let port = url.split(separator: ":").last.flatMap { Int($0) } ?? 0
      try await body(TestServer(engine: engine, port: port, token: token, changes: changes, hub: web.responder.hub))
    }
  }

  /// Runs `web` until `body` has ended.
  static func serving(_ web: WebServer, _ body: @Sendable (String) async throws -> Void) async throws {
    let group = ServiceGroup(services: [web], logger: quiet)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      let result: Result<Void, any Error>
      do {
        try await body(try await web.url)
        result = .success(())
      } catch {
        result = .failure(error)
      }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
      try result.get()
    }
  }

  static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private final class Changes: Sendable {
    let count = Mutex(0)
  }

  private let changed: Changes
  /// How often `onChange` was called.
  var changeCount: Int { changed.count.withLock { $0 } }

  private let hub: EventHub
  /// Pages that are open.
  var viewers: Int { hub.viewers }

  private init(engine: Engine, port: Int, token: String?, changes: Changes, hub: EventHub) {
    self.engine = engine
    self.port = port
    self.token = token
    changed = changes
    self.hub = hub
  }

  /// Makes a token of a role; its name is the role's unless given.
  func token(_ role: Role, name: String? = nil, lifetime: Duration? = nil) async throws -> String {
    let engine = engine
    return try await onOwnThread {
      try engine.tokens.create(name: name ?? role.rawValue, role: role, lifetime: lifetime, by: .system).text
    }
  }

  func halfDone() async throws -> HalfDone {
    let engine = engine
    return try await onOwnThread { try HalfDone(engine) }
  }

  func get(_ path: String, headers: [String: String] = [:]) async throws -> HTTPAnswer { try await send("GET", path, headers: headers) }

  func post(_ path: String, _ body: String = "", headers: [String: String] = [:]) async throws -> HTTPAnswer {
    try await send("POST", path, body: Array(body.utf8), headers: headers)
  }

  /// - Parameter headers: replace those that a client sends by itself.
  func send(_ method: String, _ path: String, body: [UInt8] = [], headers: [String: String] = [:]) async throws -> HTTPAnswer {
    var all = ["Host": "127.0.0.1:\(port)", "Connection": "close"]
    if let token { all["Authorization"] = "Bearer \(token)" }
    if !body.isEmpty { all["Content-Length"] = "\(body.count)" }
    all.merge(headers) { $1 }
    let head = "\(method) \(path) HTTP/1.1\r\n" + all.map { "\($0): \($1)\r\n" }.joined() + "\r\n"
    return try await raw(Array(head.utf8) + body)
  }

  /// - Throws: when the server closes the connection without an answer.
  func raw(_ request: [UInt8]) async throws -> HTTPAnswer {
    let bytes = try await onOwnThread { [port] in try HTTPExchange.send(port: port, request) }
    guard let answer = HTTPAnswer(bytes) else { throw HTTPExchange.Failure("no HTTP answer: \(String(decoding: bytes, as: UTF8.self))") }
    return answer
  }
}
