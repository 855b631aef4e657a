import Engine
import Storage
public import Workflow

/// The collector that spans are sent to, and who sends them.
public struct SpanTarget: Sendable {
  /// What came of one request.
  enum Answer: Hashable {
    case taken
    /// It will not take these: a status of 4xx.
    case refused(status: Int)
    /// It may take them later.
    case away
  }

  private let setting: TraceSetting
  private let secret: Secret?
  private let resource: JSON
  let version: String

  public var ratio: Double { setting.ratio }
  /// For logs.
  var shown: String { HTTPRequest.subject(setting.endpoint) }

  /// - Parameters:
  ///   - credentials: of `http_credentials`.
  ///   - environment: where their secrets stand.
  /// - Throws: when the endpoint is no URL, or the credential cannot go there.
  public init(
    _ setting: TraceSetting, credentials: [String: HTTPCredential], environment: [String: String], host: String, version: String
  ) throws(Problem) {
    do {
      try self.init(checking: setting, credentials, environment, host, version)
    } catch {
      let message = (error as? ServiceFault)?.message ?? "\(error)"
      throw Problem(file: "configuration", path: "traces", message: "\(message).", hint: nil)
    }
  }

  private init(
    checking setting: TraceSetting, _ credentials: [String: HTTPCredential], _ environment: [String: String], _ host: String,
    _ version: String
  ) throws {
    self.setting = setting
    self.version = version
    let url = try RequestURL(setting.endpoint)
    secret = try setting.auth.map { name in
      guard let credential = credentials[name] else {
        throw ServiceFault(ServiceFault.notFound, "auth: the configuration names no \"\(name)\" under \"http_credentials\"")
      }
      let secret = try Secret(name, credential, environment: environment)
      if let refusal = secret.refusal(name, for: url) { throw refusal }
      return secret
    }
    resource = [
      "attributes": Span.attributes([
        ("service.name", .text("weir")), ("service.version", .text(version)), ("host.name", .text(host)),
      ])
    ]
  }

  func send(_ spans: [Span], _ client: HTTPClient, deadline: Duration) -> Answer {
    let body: JSON = [
      "resourceSpans": [
        [
          "resource": resource,
          "scopeSpans": [["scope": ["name": "weir", "version": .string(version)], "spans": .array(spans.map(\.json))]],
        ]
      ]
    ]
    let request = HTTPRequest(
      "POST", setting.endpoint, headers: [("Content-Type", "application/json")] + (secret?.header.map { [$0] } ?? []),
      body: .bytes(Array(body.serialized().utf8)), deadline: deadline, maxBytes: 1 << 20)
    do throws(HTTPError) {
      let status = try client.send(request).head.status
      if (200..<300).contains(status) { return .taken }
      // - Source: OTLP 1.x, "Retryable Response Codes".
      return [429, 502, 503, 504].contains(status) ? .away : .refused(status: status)
    } catch {
      return .away
    }
  }
}
