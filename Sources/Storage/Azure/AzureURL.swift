/// `azure://account/container/prefix`, with how to reach it behind a "?":
/// `azure://lake/silver/maps?credentials=lake&endpoint=http://127.0.0.1:10000/lake`.
struct AzureURL: Sendable, Equatable {
  /// What containers share a session by.
  struct Account: Sendable, Hashable {
    var name: String
    /// Nil: Microsoft's for the account.
    var endpoint: String?
    /// The name of a credential; nil: requests are not signed.
    var credentials: String?
  }

  let account: Account
  private let container: String
  /// Without "/" at either end; may be empty.
  private let prefix: String

  private static let form = "write azure://account/container/prefix?credentials=name"

  /// Messages leave out what stands behind the "?": it may be a SAS, and so a secret.
  init(_ text: String, _ parts: URLParts, name: String) throws(StorageError) {
    func wrong(_ what: String) -> StorageError {
      StorageError(.invalid("\"\(text.prefix { $0 != "?" })\" \(what)"), name)
    }
    guard let options = parts.options else { throw wrong("has options that are no name=value; " + Self.form) }
    var values: [String: String] = [:]
    for (option, value) in options {
      guard ["credentials", "endpoint"].contains(option) else {
        throw wrong("has an option \"\(option)\"; there are only credentials and endpoint, and a secret is a credential")
      }
      guard !value.isEmpty, values.updateValue(value, forKey: option) == nil else {
        throw wrong("has the option \"\(option)\" empty or twice")
      }
    }
    guard !parts.authority.isEmpty, parts.authority.utf8.allSatisfy({ (48...57).contains($0) || (97...122).contains($0) }) else {
      throw wrong("names no account, which has lower-case letters and digits only; " + Self.form)
    }
    guard let path = PercentEncoding.decode(parts.path) else { throw wrong("has a \"%\" that encodes nothing") }
    var segments = path.split(separator: "/")
    guard !segments.isEmpty else { throw wrong("names no container; " + Self.form) }
    container = String(segments.removeFirst())
    prefix = segments.joined(separator: "/")
    if let problem = prefix.isEmpty ? nil : ObjectKey.segmentProblem(in: Array(prefix.utf8)) {
      throw wrong("has a wrong prefix: \(problem)")
    }
    if let endpoint = values["endpoint"] {
      let origin = HTTPRequest.origin(of: endpoint)
      guard endpoint.hasPrefix("http://") || endpoint.hasPrefix("https://"), origin.utf8.count > 8, !endpoint.contains("@"),
        !endpoint.contains("?")
      else {
        throw wrong("has the endpoint \"\(endpoint.prefix { $0 != "?" })\", expected is http(s)://host/path or http(s)://host:port/path")
      }
    }
    account = Account(name: parts.authority, endpoint: values["endpoint"], credentials: values["credentials"])
  }

  var stars: Int { container.starCount + prefix.starCount }

  func address(for name: ContainerName) -> AzureAddress {
    AzureAddress(account: account.name, container: container.named(name), prefix: prefix.named(name), endpoint: account.endpoint)
  }

  /// Over HTTPS, as Microsoft's other clients and GDAL read it.
  func text(for name: ContainerName, key: String) -> String {
    let address = address(for: name)
    return address.url(address.prefix + key)
  }
}
