/// What a client does with an answer that points elsewhere (301, 302, 303, 307, 308 with a Location).
public struct HTTPRedirects: Sendable {
  /// They are answers like others.
  public static let off = HTTPRedirects(limit: 0) { _, _, _ in nil }

  /// As browsers do, without the named headers when the origin changes; from https to http never.
  public static func follow(_ limit: Int = 10, dropping secrets: [String] = ["authorization", "cookie"]) -> HTTPRedirects {
    HTTPRedirects(limit: limit) { request, head, target in
      guard target.hasPrefix("https://") || (target.hasPrefix("http://") && request.url.hasPrefix("http://")) else { return nil }
      var next = request.redirected(by: head.status, to: target)
      if next.origin != request.origin { next.headers.removeAll { secrets.contains($0.name.lowercased()) } }
      return next
    }
  }

  public let limit: Int
  /// The request to send next, or nil: the redirect itself is the answer. `target` is absolute.
  public let next: @Sendable (_ request: HTTPRequest, _ head: HTTPHead, _ target: String) -> HTTPRequest?

  public init(limit: Int, next: @escaping @Sendable (HTTPRequest, HTTPHead, String) -> HTTPRequest?) {
    self.limit = limit
    self.next = next
  }
}

extension HTTPRequest {
  /// 303, and a POST by 301 or 302, become a GET without a body; everything else stays.
  public func redirected(by status: Int, to target: String) -> HTTPRequest {
    var next = self
    next.url = target
    if status == 303 && method != "HEAD" || method == "POST" && (status == 301 || status == 302) {
      next.method = "GET"
      next.body = .none
      next.headers.removeAll { $0.name.lowercased().hasPrefix("content-") }
    }
    return next
  }
}
