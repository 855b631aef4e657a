/// Where spans are sent: `{"endpoint": "http://127.0.0.1:4318/v1/traces", "ratio": 0.1, "auth": "collector"}`.
public struct TraceSetting: Sendable, Hashable {
  /// Of OTLP over HTTP, with its path.
  public var endpoint: String
  /// The share of the jobs that is traced, of those that nobody has decided on.
  public var ratio: Double
  /// The name of one of `http_credentials`.
  public var auth: String?

  public init(endpoint: String, ratio: Double = 1, auth: String? = nil) {
    self.endpoint = endpoint
    self.ratio = ratio
    self.auth = auth
  }

  static let expected = """
    an object such as {"endpoint": "http://127.0.0.1:4318/v1/traces", "ratio": 0.1, "auth": "a name of http_credentials"}, with a \
    ratio from 0 to 1
    """

  /// Nil for what is none.
  init?(_ text: String) {
    // the caller says what was expected
    guard let object = try? JSON(parsing: text).objectValue,
      object.members.allSatisfy({ ["endpoint", "ratio", "auth"].contains($0.key) }),
      let endpoint = object["endpoint"]?.stringValue, endpoint.hasPrefix("https://") || endpoint.hasPrefix("http://")
    else { return nil }
    self.init(endpoint: endpoint)
    if let value = object["ratio"] {
      guard let ratio = value.doubleValue, (0...1).contains(ratio) else { return nil }
      self.ratio = ratio
    }
    if let value = object["auth"] {
      guard let auth = value.stringValue, !auth.isEmpty else { return nil }
      self.auth = auth
    }
  }

  /// As `weir config` shows it.
  var shown: String { "\(endpoint.prefix { $0 != "?" }), a share of \(ratio)\(auth.map { ", as \($0)" } ?? "")" }
}
