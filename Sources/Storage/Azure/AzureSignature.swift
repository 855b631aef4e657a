/// The Authorization header of a request under the account's key.
///
/// - Source: Microsoft, Authorize with Shared Key (Blob Storage, version 2015-02-21 and later).
enum AzureSignature {
  /// `headers`: all that are sent but Content-Length; names in any case. `size`: of the body.
  static func authorization(
    account: String, key: [UInt8], method: String, url: String, query: [(name: String, value: String)],
    headers: [(name: String, value: String)], size: Int
  ) -> String {
    let text = stringToSign(account: account, method: method, url: url, query: query, headers: headers, size: size)
    return "SharedKey \(account):\(Base64.text(KeyedHash.sha256(key: key, text)))"
  }

  static func stringToSign(
    account: String, method: String, url: String, query: [(name: String, value: String)],
    headers: [(name: String, value: String)], size: Int
  ) -> String {
    let lower = headers.map { (name: $0.name.lowercased(), value: $0.value) }
    func value(_ name: String) -> String { lower.first { $0.name == name }?.value ?? "" }
    var lines = [method, value("content-encoding"), value("content-language"), size == 0 ? "" : String(size)]
    lines += ["content-md5", "content-type", "date", "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range"]
      .map(value)
    lines += lower.filter { $0.name.hasPrefix("x-ms-") }.sorted { isBefore($0.name, $1.name) }.map { $0.name + ":" + $0.value }
    lines.append("/" + account + AzureAddress.path(of: url))
    var values: [String: [String]] = [:]
    for part in query { values[part.name.lowercased(), default: []].append(part.value) }
    lines += values.sorted { isBefore($0.key, $1.key) }.map { $0.key + ":" + $0.value.sorted(by: isBefore).joined(separator: ",") }
    return lines.joined(separator: "\n")
  }

  private static func isBefore(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
}
