import Engine
import HTTPTypes

extension Call {
  /// Which revisions the header If-Match allows. An ETag that none of ours can be fits nothing.
  var precondition: Datasets.Precondition {
    guard let given = head.headerFields[.ifMatch], given.filter({ $0 != " " }) != "*" else { return .any }
    let revisions = given.split(separator: ",").compactMap { part -> Int? in
      let tag = part.filter { $0 != " " }
      guard tag.count > 2, tag.first == "\"", tag.last == "\"" else { return nil }
      // what is behind the number tells forms of the same apart
      return Int(tag.dropFirst().dropLast().prefix { $0 != "-" })
    }
    return .revisions(Set(revisions))
  }

  /// Whether the caller has what this ETag stands for; compared weakly, as RFC 9110 asks for.
  func has(_ tag: String) -> Bool {
    guard let given = head.headerFields[.ifNoneMatch] else { return false }
    func plain(_ given: some StringProtocol) -> String {
      let tag = String(String(given).filter { $0 != " " })
      return tag.hasPrefix("W/") ? String(tag.dropFirst(2)) : tag
    }
    return given.split(separator: ",").contains { plain($0) == plain(tag) || plain($0) == "*" }
  }

  /// How this host is called by who asks, such as `https://weir.example.org`.
  var base: String {
    let isSecure =
      HTTPField.Name("X-Forwarded-Proto").flatMap { head.headerFields[$0] }?.split(separator: ",").first?.lowercased() == "https"
    return head.authority.map { "\(isSecure ? "https" : "http")://\($0)" } ?? ""
  }
}
