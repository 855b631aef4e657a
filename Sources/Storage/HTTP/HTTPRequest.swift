/// One request, as it goes over the wire.
public struct HTTPRequest: Sendable {
  public var method: String
  /// Absolute, http or https, percent-encoded by the caller: it is sent as it is, "." and ".." segments too.
  public var url: String
  /// In the order in which they are sent. `Host` and `Content-Length` are the client's own. Without a `Content-Type` none is sent.
  public var headers: [(name: String, value: String)]
  public var body: HTTPBody
  /// From the start to the last byte, redirects included; nil: as long as bytes flow.
  public var deadline: Duration?
  /// More bytes than this in the answer are `.tooLarge`, by its Content-Length or when they come; nil: no bound.
  public var maxBytes: UInt64?

  public init(
    _ method: String, _ url: String, headers: [(name: String, value: String)] = [], body: HTTPBody = .none,
    deadline: Duration? = nil, maxBytes: UInt64? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.deadline = deadline
    self.maxBytes = maxBytes
  }

  /// `scheme://host:port` as written: what connections are kept by, and what a redirect may or may not leave.
  public var origin: Substring { Self.origin(of: url) }

  public static func origin(of url: String) -> Substring {
    guard let scheme = url.firstRange(of: "://") else { return url[...] }
    let end = url[scheme.upperBound...].firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? url.endIndex
    return url[..<end]
  }

  /// For messages: without the query and user, in which secrets stand.
  public static func subject(_ url: String) -> String {
    let plain = url.prefix { $0 != "?" && $0 != "#" }
    guard let at = origin(of: String(plain)).lastIndex(of: "@"), let scheme = plain.firstRange(of: "://") else { return String(plain) }
    return String(plain[..<scheme.upperBound] + plain[plain.index(after: at)...])
  }
}
