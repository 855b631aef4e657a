/// Hides secrets in what people read: logs, errors, messages of tasks.
///
/// Hidden are the words that the host knows to be secret, and by their form: what a URL has before its host's @, values of
/// `sig`, `password` and their like, Weir's own tokens, and credentials of a header Authorization.
public struct Redaction: Sendable {
  public static let mark = "***"

  /// By form alone.
  public static let byForm = Redaction(secrets: [])

  /// Names whose values are hidden wherever NAME=VALUE stands; in lower case.
  private static let names: Set<String> = [
    "password", "passwd", "pwd", "pgpassword", "secret", "client_secret", "access_token", "auth_token", "auth_key", "api_key", "apikey",
    "accountkey", "account_key", "sharedaccesssignature", "secret_access_key", "aws_secret_access_key", "aws_session_token",
    "session_token",
    "x-amz-signature", "x-amz-security-token", "x-amz-credential", "weir_token",
  ]
  /// Those that are secrets in the query of a URL only.
  private static let queryNames: Set<String> = ["sig", "signature", "token", "key", "code", "awsaccesskeyid", "credential", "sas"]
  private static let schemes = ["bearer ", "basic ", "sharedkey ", "aws4-hmac-sha256 "]
  private static let prefixes = ["weir_", "weirs_"]

  private static let shortestSecret = 6
  private static let shortestCredential = 8

  private let secrets: [[UInt8]]

  /// - Parameter secrets: whatever is shorter than 6 bytes is no secret that could be hidden.
  public init(secrets: [String]) {
    self.secrets = secrets.map { Array($0.utf8) }.filter { $0.count >= Self.shortestSecret }.sorted { $0.count > $1.count }
  }

  public func text(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard mayHold(bytes) else { return text }
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var at = 0
    while at < bytes.count {
      if let end = secret(bytes, at) ?? Self.token(bytes, at) ?? Self.userinfo(bytes, at) {
        out += Self.mark.utf8
        at = end
      } else if let (start, end) = Self.credentials(bytes, at) ?? Self.value(bytes, at) {
        out += bytes[at..<start]
        out += Self.mark.utf8
        at = end
      } else {
        out.append(bytes[at])
        at += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Every string in it.
  public func json(_ value: JSON) -> JSON {
    switch value {
    case .string(let string): .string(text(string))
    case .array(let elements): .array(elements.map(json))
    case .object(let object): .object(JSONObject(object.members.map { ($0.key, json($0.value)) }))
    default: value
    }
  }

  // Most texts hold nothing of the kind, and none of these.
  private func mayHold(_ bytes: [UInt8]) -> Bool {
    bytes.contains(UInt8(ascii: "=")) || bytes.contains(UInt8(ascii: "@")) || bytes.contains(UInt8(ascii: "_"))
      || bytes.contains(UInt8(ascii: " ")) || !secrets.isEmpty
  }

  private func secret(_ bytes: [UInt8], _ at: Int) -> Int? {
    for secret in secrets where bytes[at] == secret[0] && bytes[at...].starts(with: secret) { return at + secret.count }
    return nil
  }

  private static func token(_ bytes: [UInt8], _ at: Int) -> Int? {
    guard bytes[at] == UInt8(ascii: "w"), at == 0 || !isWord(bytes[at - 1]) else { return nil }
    for prefix in prefixes where bytes[at...].starts(with: prefix.utf8) {
      let end = bytes[at...].firstIndex { !isWord($0) } ?? bytes.count
      if end - at >= prefix.utf8.count + 40 { return end }
    }
    return nil
  }

  /// Between `://` and the `@` before the host's name.
  private static func userinfo(_ bytes: [UInt8], _ at: Int) -> Int? {
    guard at >= 3, bytes[(at - 3)..<at].elementsEqual("://".utf8) else { return nil }
    let end = bytes[at...].firstIndex { $0 <= 0x20 || "/?#\"'<>".utf8.contains($0) } ?? bytes.count
    return bytes[at..<end].lastIndex(of: UInt8(ascii: "@"))
  }

  /// After `Bearer ` and its like.
  private static func credentials(_ bytes: [UInt8], _ at: Int) -> (start: Int, end: Int)? {
    guard at == 0 || !isWord(bytes[at - 1]) else { return nil }
    for scheme in schemes where begins(bytes[at...], scheme) {
      let start = at + scheme.utf8.count
      let end = bytes[start...].firstIndex { $0 <= 0x20 || "\"'`".utf8.contains($0) } ?? bytes.count
      if end - start >= shortestCredential, !begins(bytes[start...], "realm=") { return (start, end) }
    }
    return nil
  }

  /// After `NAME=`, of which `at` is the beginning.
  private static func value(_ bytes: [UInt8], _ at: Int) -> (start: Int, end: Int)? {
    guard isWord(bytes[at]), at == 0 || !isWord(bytes[at - 1]) else { return nil }
    let nameEnd = bytes[at...].firstIndex { !isWord($0) } ?? bytes.count
    guard nameEnd < bytes.count, bytes[nameEnd] == UInt8(ascii: "="), nameEnd - at <= 40 else { return nil }
    let name = String(decoding: bytes[at..<nameEnd], as: UTF8.self).lowercased()
    let isInQuery = at > 0 && (bytes[at - 1] == UInt8(ascii: "?") || bytes[at - 1] == UInt8(ascii: "&"))
    guard names.contains(name) || isInQuery && queryNames.contains(name) else { return nil }
    let start = nameEnd + 1
    let quote = start < bytes.count && (bytes[start] == UInt8(ascii: "'") || bytes[start] == UInt8(ascii: "\"")) ? bytes[start] : nil
    if let quote { return (start, bytes[(start + 1)...].firstIndex(of: quote).map { $0 + 1 } ?? bytes.count) }
    let end = bytes[start...].firstIndex { $0 <= 0x20 || "&;,\"'<>)]}#".utf8.contains($0) } ?? bytes.count
    return end > start ? (start, end) : nil
  }

  private static func begins(_ bytes: ArraySlice<UInt8>, _ lowercase: String) -> Bool {
    bytes.count >= lowercase.utf8.count
      && zip(bytes, lowercase.utf8).allSatisfy { $0 == $1 || (0x41...0x5A).contains($0) && $0 + 0x20 == $1 }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F || byte == 0x2D
  }
}
