import HTTPTypes

/// What every answer says to browsers: this is data, for this site only, and not to be kept.
enum SecurityHeaders {
  private static let referrerPolicy = HTTPField.Name("Referrer-Policy")

  static func add(to headers: inout HTTPFields) {
    headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
    headers[.xContentTypeOptions] = "nosniff"
    headers[.cacheControl] = "no-store"
    headers[.crossOriginResourcePolicy] = "same-origin"
    if let referrerPolicy { headers[referrerPolicy] = "no-referrer" }
  }
}
