import HTTPTypes

/// What every answer says to browsers: this is data, for this site only, and not to be kept.
enum SecurityHeaders {
  private static let fixed: [(HTTPField.Name?, String)] = [
    (.xContentTypeOptions, "nosniff"), (.cacheControl, "no-store"), (.crossOriginResourcePolicy, "same-origin"),
    (HTTPField.Name("Cross-Origin-Opener-Policy"), "same-origin"),
    (HTTPField.Name("X-Frame-Options"), "DENY"),
    (HTTPField.Name("Permissions-Policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
  ]

  private static let referrerPolicy = HTTPField.Name("Referrer-Policy")

  /// A page has brought its own Content-Security-Policy. Its form must say where it comes from: with `no-referrer` browsers
  /// send `Origin: null`.
  static func add(to headers: inout HTTPFields) {
    if let referrerPolicy { headers[referrerPolicy] = headers[.contentSecurityPolicy] == nil ? "no-referrer" : "same-origin" }
    if headers[.contentSecurityPolicy] == nil {
      headers[.contentSecurityPolicy] = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }
    for (name, value) in fixed {
      // a file whose path changes with its content is kept
      if let name, name != .cacheControl || headers[name] == nil { headers[name] = value }
    }
  }
}
