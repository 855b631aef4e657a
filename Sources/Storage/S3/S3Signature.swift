internal import struct FoundationEssentials.Date

/// Signature version 4 of one request, in its headers.
///
/// - Source: Amazon S3 API Reference, "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)".
struct S3Signature {
  let method: String
  let host: String
  /// Encoded, as it is sent.
  let path: String
  /// Encoded and sorted, as it is sent.
  let query: String
  let region: String
  let identity: S3Identity
  /// The hash of the body in hex, or `UNSIGNED-PAYLOAD`.
  let payload: String
  let date: Date

  static let emptyPayload = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  /// A query as it is signed: each name and value encoded, sorted by name, `name=` where the value is empty.
  static func query(_ items: [(name: String, value: String)]) -> String {
    items.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
      .sorted { $0.0 == $1.0 ? $0.1 < $1.1 : $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
      .map { $0.0 + "=" + $0.1 }.joined(separator: "&")
  }

  /// `headers` and those that the signature adds. All of them are signed.
  func signed(_ headers: [(name: String, value: String)]) -> [(name: String, value: String)] {
    let stamp = DateStamp(date).basic
    var all = headers + [("x-amz-content-sha256", payload), ("x-amz-date", stamp)]
    if let token = identity.sessionToken { all.append(("x-amz-security-token", token)) }
    let canonical = (all + [("host", host)]).map { ($0.name.lowercased(), Self.trimmed($0.value)) }.sorted { $0.0 < $1.0 }
    let names = canonical.map(\.0).joined(separator: ";")
    let lines = canonical.map { $0.0 + ":" + $0.1 + "\n" }.joined()
    let request = [method, path, query, lines, names, payload].joined(separator: "\n")
    let scope = "\(stamp.prefix(8))/\(region)/s3/aws4_request"
    let text = "AWS4-HMAC-SHA256\n\(stamp)\n\(scope)\n" + Self.sha256(request)
    let signature = Hex.text(KeyedHash.sha256(key: signingKey(day: String(stamp.prefix(8))), text))
    let authorization = "AWS4-HMAC-SHA256 Credential=\(identity.keyID)/\(scope),SignedHeaders=\(names),Signature=\(signature)"
    return all + [("Authorization", authorization)]
  }

  private func signingKey(day: String) -> [UInt8] {
    ["\(day)", region, "s3", "aws4_request"].reduce(Array("AWS4\(identity.secret)".utf8)) { KeyedHash.sha256(key: $0, $1) }
  }

  private static func sha256(_ text: String) -> String { Array(text.utf8).withUnsafeBytes { RunningDigest.text(.sha256, of: $0) } }

  /// Without spaces around it, and with one where there were several.
  private static func trimmed(_ value: String) -> String {
    value.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
  }
}
