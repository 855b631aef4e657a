/// `s3://bucket/prefix`, with how to reach it behind a "?":
/// `s3://silver/maps?endpoint=https://s3.example.org&region=eu-1&addressing=path&credentials=lake&ca=/etc/ssl/lake.pem`.
struct S3URL: Sendable, Equatable {
  /// What containers share a session by.
  struct Account: Sendable, Hashable {
    var endpoint: String
    var region: String
    /// The name of a credential; nil: requests are not signed.
    var credentials: String?
    var caFile: String?
  }

  let account: Account
  private let bucket: String
  /// Without "/" at either end; may be empty.
  private let prefix: String
  private let addressing: S3Location.Addressing?
  private let isAmazon: Bool

  private static let form = "write s3://bucket/prefix?endpoint=https://host&region=name&credentials=name"
  private static let known = ["endpoint", "region", "addressing", "credentials", "ca"]

  init(_ text: String, _ parts: URLParts, name: String) throws(StorageError) {
    func wrong(_ what: String) -> StorageError { StorageError(.invalid("\"\(text)\" \(what)"), name) }
    guard let options = parts.options else { throw wrong("has options that are no name=value; " + Self.form) }
    var values: [String: String] = [:]
    for (option, value) in options {
      guard Self.known.contains(option) else {
        throw wrong("has an option \"\(option)\"; there are only \(Self.known.joined(separator: ", "))")
      }
      guard !value.isEmpty, values.updateValue(value, forKey: option) == nil else {
        throw wrong("has the option \"\(option)\" empty or twice")
      }
    }
    let isBucketName = parts.authority.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || [0x2A, 0x2D, 0x2E, 0x5F].contains($0)
    }
    guard !parts.authority.isEmpty, isBucketName else { throw wrong("names no bucket; " + Self.form) }
    guard let prefix = PercentEncoding.decode(parts.path) else { throw wrong("has a \"%\" that encodes nothing") }
    let region = values["region"] ?? "us-east-1"
    isAmazon = values["endpoint"] == nil
    let endpoint = values["endpoint"] ?? "https://s3.\(region).amazonaws.com"
    guard endpoint.hasPrefix("http://") || endpoint.hasPrefix("https://"), HTTPRequest.origin(of: endpoint).utf8.count > 8,
      endpoint == HTTPRequest.origin(of: endpoint) || endpoint == HTTPRequest.origin(of: endpoint) + "/", !endpoint.contains("@")
    else { throw wrong("has the endpoint \"\(endpoint)\", expected is http(s)://host or http(s)://host:port") }
    addressing = values["addressing"].flatMap(S3Location.Addressing.init)
    guard values["addressing"] == nil || addressing != nil else { throw wrong("has addressing neither \"path\" nor \"virtual\"") }
    account = Account(
      endpoint: String(HTTPRequest.origin(of: endpoint)), region: region, credentials: values["credentials"], caFile: values["ca"])
    bucket = parts.authority
    self.prefix = prefix.split(separator: "/").joined(separator: "/")
    if let problem = self.prefix.isEmpty ? nil : ObjectKey.segmentProblem(in: Array(self.prefix.utf8)) {
      throw wrong("has a wrong prefix: \(problem)")
    }
  }

  var stars: Int { bucket.starCount + prefix.starCount }

  func location(for name: ContainerName) -> S3Location {
    let bucket = self.bucket.named(name)
    let prefix = self.prefix.named(name)
    // a dot in the bucket's name makes a host that Amazon's certificate does not name
    let usual: S3Location.Addressing = isAmazon && !bucket.contains(".") ? .virtual : .path
    return S3Location(
      endpoint: account.endpoint, region: account.region, bucket: bucket, prefix: prefix.isEmpty ? "" : prefix + "/",
      addressing: addressing ?? usual)
  }

  func text(for name: ContainerName, key: String) -> String {
    let location = location(for: name)
    return "s3://\(location.bucket)/" + PercentEncoding.encode(location.prefix + key, keepsSlashes: true)
  }
}
