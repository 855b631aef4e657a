/// A container's URL cut in pieces: `scheme://authority/path?name=value&…`.
struct URLParts {
  let scheme: String
  let authority: String
  /// With its "/", as written.
  let path: String
  /// Percent-decoded; nil if that cannot be.
  let options: [(name: String, value: String)]?

  init?(_ text: String) {
    guard let mark = text.firstRange(of: "://") else { return nil }
    scheme = String(text[..<mark.lowerBound])
    let rest = text[mark.upperBound...]
    let question = rest.firstIndex(of: "?") ?? rest.endIndex
    let slash = rest[..<question].firstIndex(of: "/") ?? question
    authority = String(rest[..<slash])
    path = String(rest[slash..<question])
    var options: [(name: String, value: String)]? = []
    for item in rest[question...].dropFirst().split(separator: "&") {
      let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, let value = PercentEncoding.decode(pair[1]) else {
        options = nil
        break
      }
      options?.append((String(pair[0]), value))
    }
    self.options = options
  }
}
