/// Where a bucket is, and how requests name it.
struct S3Location: Sendable, Hashable {
  enum Addressing: String, Sendable, CaseIterable {
    /// `https://endpoint/bucket/key`.
    case path
    /// `https://bucket.endpoint/key`.
    case virtual
  }

  /// `https://host` or `http://host:port`.
  let endpoint: String
  let region: String
  let bucket: String
  /// In front of all keys, empty or with "/" at its end.
  let prefix: String
  let addressing: Addressing

  /// `scheme://host[:port]` of requests.
  var origin: String {
    guard addressing == .virtual, let scheme = endpoint.firstRange(of: "://") else { return endpoint }
    return endpoint[..<scheme.upperBound] + bucket + "." + endpoint[scheme.upperBound...]
  }

  /// As the `Host` header has it: without the scheme's own port.
  var host: String {
    let origin = self.origin
    guard let scheme = origin.firstRange(of: "://") else { return origin }
    let host = origin[scheme.upperBound...]
    let usual = origin.hasPrefix("https:") ? ":443" : ":80"
    return String(host.hasSuffix(usual) ? host.dropLast(usual.count) : host)
  }

  /// The encoded path of a key, or of the bucket.
  func path(_ key: ObjectKey?) -> String {
    let bucket = addressing == .path ? "/" + PercentEncoding.encode(self.bucket) : ""
    guard let key else { return bucket.isEmpty ? "/" : bucket }
    return bucket + "/" + PercentEncoding.encode(prefix + key.text, keepsSlashes: true)
  }

  /// As `x-amz-copy-source` names an object.
  func copySource(_ key: ObjectKey) -> String {
    "/" + PercentEncoding.encode(bucket) + "/" + PercentEncoding.encode(prefix + key.text, keepsSlashes: true)
  }
}
