/// A secret that `weir.http/1` adds to a handler's request by name. It stands in the environment or in a file, never here.
public struct HTTPCredential: Sendable, Hashable {
  /// How the secret is sent.
  public enum Kind: Sendable, Hashable {
    /// `Authorization: Bearer SECRET`
    case bearer
    /// `Authorization: Basic`, of the user and the secret.
    case basic(user: String)
    /// `NAME: SECRET`
    case header(String)
    /// `?NAME=SECRET`
    case query(String)
    /// `?NAME=PART&NAME=PART`: the secret has as many parts, with ":" between them.
    case queries([String])
  }

  public enum Source: Sendable, Hashable {
    /// A variable's name.
    case environment(String)
    /// A file's path; what stands in it without a line break at its end.
    case file(String)
  }

  public var kind: Kind
  public var source: Source
  /// It is sent to these and to no other, whatever a grant says.
  public var hosts: [NamePattern]
  /// Also where everybody on the way can read it.
  public var allowsHTTP: Bool

  public init(kind: Kind, source: Source, hosts: [NamePattern], allowsHTTP: Bool = false) {
    self.kind = kind
    self.source = source
    self.hosts = hosts
    self.allowsHTTP = allowsHTTP
  }

  static let expected = """
    an object of credentials by name, each {"type": "bearer" | "basic" | "header" | "query", "user", "name" or "names", "env" or "file", \
    "hosts": [..], "allow_http": true}
    """

  /// Nil for what is no credential.
  init?(_ json: JSON) {
    guard let object = json.objectValue else { return nil }
    let known = ["type", "user", "name", "names", "env", "file", "hosts", "allow_http"]
    guard object.members.allSatisfy({ known.contains($0.key) }) else { return nil }
    let (user, name) = (object["user"]?.stringValue, object["name"]?.stringValue)
    let names = object["names"]?.arrayValue?.map { $0.stringValue ?? "" }
    if object["names"] != nil, names == nil || object["type"]?.stringValue != "query" { return nil }
    switch object["type"]?.stringValue {
    case "query" where names != nil:
      guard let names, name == nil, user == nil, names.count > 1,
        names.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isInToken) })
      else { return nil }
      kind = .queries(names)
    case "bearer" where user == nil && name == nil: kind = .bearer
    case "basic":
      guard let user, name == nil, !user.isEmpty, !user.contains(":") else { return nil }
      kind = .basic(user: user)
    case "header":
      guard let name, user == nil, !name.isEmpty, name.utf8.allSatisfy(Self.isInToken) else { return nil }
      kind = .header(name)
    case "query":
      guard let name, user == nil, !name.isEmpty, name.utf8.allSatisfy(Self.isInToken) else { return nil }
      kind = .query(name)
    default: return nil
    }
    switch (object["env"]?.stringValue, object["file"]?.stringValue) {
    case (let variable?, nil) where !variable.isEmpty: source = .environment(variable)
    case (nil, let path?) where !path.isEmpty: source = .file(path)
    default: return nil
    }
    guard let hosts = object["hosts"]?.arrayValue, !hosts.isEmpty else { return nil }
    let patterns = hosts.compactMap { $0.stringValue.flatMap { NamePattern($0.lowercased()) } }
    guard patterns.count == hosts.count else { return nil }
    self.hosts = patterns
    switch object["allow_http"] {
    case nil: allowsHTTP = false
    case let value?:
      guard let flag = value.boolValue else { return nil }
      allowsHTTP = flag
    }
  }

  /// Nil for what is no object of credentials.
  static func all(_ text: String) -> [String: HTTPCredential]? {
    guard let object = try? JSON(parsing: text).objectValue else { return nil }  // the caller says what was expected
    var credentials: [String: HTTPCredential] = [:]
    for (name, value) in object.members {
      guard NamePattern(name) != nil, !name.contains("*"), let credential = HTTPCredential(value) else { return nil }
      credentials[name] = credential
    }
    return credentials
  }

  /// As `weir config` shows it: nothing in it is secret.
  var shown: String {
    let hosts = hosts.map(\.text).joined(separator: ", ")
    let place =
      switch source {
      case .environment(let variable): "$\(variable)"
      case .file(let path): path
      }
    return "\(place) to \(hosts)"
  }

  private static func isInToken(_ byte: UInt8) -> Bool {
    (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
  }
}
