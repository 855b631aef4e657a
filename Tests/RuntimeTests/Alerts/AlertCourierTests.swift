import Database
import Engine
import Logging
import Storage
import Synchronization
import TestSupport
import Testing
import Workflow

@testable import Runtime

@Suite struct `Alerts on their way` {
  private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

  /// A database in which a host is lost, and a host that leads.
  private struct Scene {
    let own: TestDatabase
    let engine: Engine
    let host: Int64

    init() throws {
      own = try TestDatabase.make(.engine) { $0.settings = Engine.settings }
      engine = Engine(database: own.database)
      host = try Self.register("here", engine)
      _ = try Self.register("gone", engine)
      // nobody renews here, however long a busy machine takes
      try execute("UPDATE hosts SET lease_until = now() + interval '1 day' * CASE name WHEN 'gone' THEN -1 ELSE 1 END")
    }

    static func register(_ name: String, _ engine: Engine) throws -> Int64 {
      try engine.hosts.register(HostIdentity(name: name, machine: name, pid: 1, process: name), version: "1", slots: 1, offers: [])
    }

    func execute(_ sql: SQL) throws { _ = try own.database.withConnection { try $0.execute(sql) } }

    func mend() throws {
      try execute("UPDATE hosts SET lease_until = now() + interval '1 day' WHERE name = 'gone'")
      try execute("UPDATE alerts SET seen_at = now() - interval '5 minutes'")
    }

    /// Runs a courier while `body` does something.
    func courier(
      _ host: Int64? = nil, to url: String, allowed: [String] = ["127.0.0.0/8"], logger: Logger = quiet, _ body: () throws -> Void
    ) throws {
      let credentials = Credentials(["ops": CredentialSetting(["signing_key": .environment("KEY")])], environment: ["KEY": secret])
      let courier = AlertCourier(
        engine: engine, host: host ?? self.host,
        webhooks: [Webhook("ops", WebhookSetting(url: url, credential: "ops"), credentials: credentials)],
        sender: WebhookSender(privateAddresses: allowed.compactMap { NetworkRange($0) }, userAgent: "weir/1"),
        retry: DeliveryRetry(base: .milliseconds(1)), pause: .milliseconds(5), logger: logger)
      Threads.start { courier.work() }
      defer { courier.stop() }
      try body()
    }

    func states() throws -> [AlertDelivery.State] { try engine.alerts.deliveries().elements.map(\.state) }
  }

  private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// Whether a request is signed by the key, now.
  private static func isSigned(_ request: ScriptedServer.Request) -> Bool {
    let now = Int64(request.header("webhook-timestamp") ?? "") ?? 0
    return WebhookSignature(secret: secret)?.refusal(
      id: request.header("webhook-id"), timestamp: request.header("webhook-timestamp"), signatures: request.header("webhook-signature"),
      body: request.body, now: now) == nil
  }

  @Test func `are tried until the server takes them, under one id, signed, once when raised and once when cleared`() async throws {
    try await onOwnThread {
      let scene = try Scene()
      let server = ScriptedServer { request in
        switch request.number {
        case 0: .cut(after: [])
        case 1: .http(503, ["Retry-After: 0"])
        case 2: .http(302, ["Location: http://127.0.0.1:1/"])
        default: .http(204)
        }
      }
      try scene.courier(to: "\(server.url)/hook?channel=7") {
        try until { try scene.states() == [.delivered] }
        #expect(server.requests.count == 4)
        try scene.mend()
        try until { try scene.states() == [.delivered, .delivered] }
      }
      let requests = server.requests
      #expect(requests.count == 5 && requests.allSatisfy { Self.isSigned($0) && $0.line == "POST /hook?channel=7 HTTP/1.1" })
      let ids = requests.compactMap { $0.header("webhook-id") }
      #expect(Set(ids[..<4]).count == 1 && Set(ids).count == 2, "\(ids)")
      let told = try requests.map { try JSON(parsing: $0.body) }
      #expect(told.map { $0["type"]?.stringValue } == Array(repeating: "alert.raised", count: 4) + ["alert.cleared"])
      #expect(told[0]["data"]?["kind"] == "host_lost" && told[0]["data"]?["cleared_at"] == .null)
      #expect(Set(requests[..<4].map { String(decoding: $0.body, as: UTF8.self) }).count == 1)
      #expect(try scene.engine.alerts.deliveries().elements.last?.tries == 4)
      server.stop()
    }
  }

  @Test func `are told once when the host that told them dies, and another goes on`() async throws {
    try await onOwnThread {
      let scene = try Scene()
      let server = ScriptedServer { request in request.number == 0 ? .silence(after: []) : .http(200) }
      // the first host dies while the server has its message: what it had claimed is another's a minute later
      let term = try #require(try scene.engine.leader.lead(scene.host))
      try scene.engine.alerts.observe(["ops": [.hostLost]], term)
      _ = try scene.engine.alerts.claim(["ops"], term)
      try scene.engine.hosts.end(scene.host)
      try scene.execute("UPDATE alert_deliveries SET next_at = now()")
      let other = try Scene.register("other", scene.engine)
      let accepting = ScriptedServer { _ in .http(200) }
      try scene.courier(other, to: accepting.url) { try until { try scene.states() == [.delivered] } }
      #expect(accepting.requests.count == 1 && accepting.requests[0].header("webhook-id") == "weir_alert_1_raised")
      #expect(try scene.engine.alerts.list(openOnly: false).elements.count == 1)
      server.stop()
      accepting.stop()
    }
  }

  @Test func `reach no private address that is not allowed, and say so`() async throws {
    try await onOwnThread {
      let scene = try Scene()
      let server = ScriptedServer { _ in .http(200) }
      try scene.courier(to: "\(server.url)/s3cr3t-path", allowed: []) {
        try until { try scene.engine.alerts.deliveries().elements.first?.error != nil }
      }
      let delivery = try #require(try scene.engine.alerts.deliveries().elements.first)
      #expect(delivery.error?.hasPrefix("127.0.0.1: the host's address 127.0.0.1 is not allowed") == true && delivery.state == .waiting)
      #expect(server.requests.isEmpty)
      server.stop()
    }
  }

  @Test func `leave neither key nor path in any log`() async throws {
    try await onOwnThread {
      let scene = try Scene()
      let lines = Lines()
      let server = ScriptedServer { _ in .http(500, [], "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") }
      try scene.courier(to: "\(server.url)/s3cr3t-path", logger: Logger(label: "test") { _ in lines }) {
        until { !lines.text.isEmpty }
      }
      let error = try scene.engine.alerts.deliveries().elements.first?.error ?? ""
      #expect(lines.text.contains("A webhook did not take an alert") && error == "127.0.0.1 answered 500")
      #expect(!(lines.text + error).contains("whsec_") && !(lines.text + error).contains("s3cr3t"), "\(lines.text)")
      server.stop()
    }
  }

  @Test func `are looked after by a checkup`() throws {
    var configuration = HostConfiguration()
    configuration.credentials = [
      "ops": CredentialSetting(["signing_key": .environment("KEY")]), "bare": CredentialSetting(["secret": .environment("KEY")]),
    ]
    configuration.webhooks = [
      "a": WebhookSetting(url: "https://hooks.example.org/x", credential: "ops"),
      "b": WebhookSetting(url: "https://x.org/", credential: "bare"),
      "c": WebhookSetting(url: "http://10.0.0.1/", credential: "ops"),
      "d": WebhookSetting(url: "http://hooks.example.org/", credential: "ops"),
      "e": WebhookSetting(url: "https://x.org/", credential: "none"),
    ]
    let findings = WebhookCheck(configuration, environment: ["KEY": Self.secret]).findings
    #expect(findings.map(\.severity) == [.fine, .error, .error, .warning, .error], "\(findings)")
    #expect(
      findings[0].message == "to https://hooks.example.org:443"
        && findings[2].message == "10.0.0.1 is a private address: nothing is sent there.")
    let short = WebhookCheck(configuration, environment: ["KEY": "short"]).findings
    #expect(short[0].severity == .error && !"\(short)".contains("\"short\""))
  }
}

/// What was logged.
private final class Lines: LogHandler {
  private let all = Mutex("")
  var metadata: Logger.Metadata {
    get { [:] }
    set {}
  }
  var logLevel: Logger.Level {
    get { .trace }
    set {}
  }
  var text: String { all.withLock { $0 } }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { nil }
    set {}
  }

  func log(event: LogEvent) {
    all.withLock { $0 += "\(event.message) \(event.metadata ?? [:])\n" }
  }
}
