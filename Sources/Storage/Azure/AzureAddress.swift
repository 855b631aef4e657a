/// Where a container of Azure Blob is, and how its URLs are written.
struct AzureAddress: Sendable, Equatable {
  let account: String
  let container: String
  /// Before every key; empty, or ends with "/".
  let prefix: String
  /// Without "/" at its end: `https://ACCOUNT.blob.core.windows.net`, or an emulator with the account behind the port.
  let endpoint: String

  init(account: String, container: String, prefix: String = "", endpoint: String? = nil) {
    self.account = account
    self.container = container
    self.prefix = prefix.isEmpty || prefix.hasSuffix("/") ? prefix : prefix + "/"
    let plain = endpoint ?? "https://\(account).blob.core.windows.net"
    self.endpoint = plain.hasSuffix("/") ? String(plain.dropLast()) : plain
  }

  /// A blob's name in the container.
  func name(_ key: ObjectKey) -> String { prefix + key.text }

  /// The container's URL, or that of the blob with that name; percent-encoded, without a query.
  func url(_ blob: String? = nil) -> String {
    let container = endpoint + "/" + PercentEncoding.encode(container)
    return blob.map { container + "/" + PercentEncoding.encode($0, keepsSlashes: true) } ?? container
  }

  /// The path of a URL, as signatures want it: still encoded.
  static func path(of url: String) -> Substring {
    let origin = HTTPRequest.origin(of: url)
    return url[origin.endIndex...].prefix { $0 != "?" }
  }
}
