/// Where alerts are sent: `{"url": "https://hooks.example.org/weir", "credential": "ops", "kinds": ["host_lost"]}`.
public struct WebhookSetting: Sendable, Hashable {
  public var url: String
  /// The credential whose part `signing_key` signs what is sent.
  public var credential: String
  /// What is sent there; nil: all there is.
  public var kinds: [Attention.Kind]?

  public init(url: String, credential: String, kinds: [Attention.Kind]? = nil) {
    self.url = url
    self.credential = credential
    self.kinds = kinds
  }

  static let expected = """
    an object of webhooks by name, such as {"ops": {"url": "https://hooks.example.org/weir", "credential": "ops", "kinds": \
    ["host_lost"]}}, with kinds of \(Attention.Kind.allCases.map(\.rawValue).joined(separator: ", ")), or none for all
    """

  /// Nil for what is none.
  init?(_ json: JSON) {
    guard let object = json.objectValue, object.members.allSatisfy({ ["url", "credential", "kinds"].contains($0.key) }),
      let url = object["url"]?.stringValue, url.hasPrefix("https://") || url.hasPrefix("http://"),
      let credential = object["credential"]?.stringValue, !credential.isEmpty
    else { return nil }
    (self.url, self.credential) = (url, credential)
    guard let words = object["kinds"] else { return }
    guard let list = words.arrayValue, !list.isEmpty else { return nil }
    let known = list.compactMap { $0.stringValue.flatMap { Attention.Kind(rawValue: $0) } }
    guard known.count == list.count else { return nil }
    kinds = known
  }

  /// Nil for what is no object of webhooks.
  static func all(_ text: String) -> [String: WebhookSetting]? {
    guard let object = try? JSON(parsing: text).objectValue else { return nil }  // the caller says what was expected
    var all: [String: WebhookSetting] = [:]
    for (name, value) in object.members {
      guard NameSyntax.isName(name), let webhook = WebhookSetting(value) else { return nil }
      all[name] = webhook
    }
    return all
  }

  /// As `weir config` shows it: paths of such URLs are often the secret itself.
  var shown: String {
    let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
    return "\(url[..<(url[start...].firstIndex { "/?#".contains($0) } ?? url.endIndex)]) signed by \(credential)"
  }
}
