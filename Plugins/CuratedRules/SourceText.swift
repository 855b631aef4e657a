/// Texts that sources send, as they are kept and shown.
package enum SourceText {
  /// One line without quotes, as it stands in lists.
  package static func plain(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    let bare = line.hasPrefix("W/") ? line.dropFirst(2) : line[...]
    var rest = String(String.UnicodeScalarView(bare.unicodeScalars.filter { $0.value >= 0x20 && $0 != "\"" }))[...]
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    return String(rest.prefix(100))
  }

  /// A URL without what may be a key: user and password, and all behind "?".
  package static func place(_ url: String) -> String {
    let path = url.prefix { $0 != "?" && $0 != "#" }
    guard let scheme = path.firstRange(of: "://") else { return String(path) }
    let rest = path[scheme.upperBound...]
    let authority = rest.prefix { $0 != "/" }
    guard let at = authority.lastIndex(of: "@") else { return String(path) }
    return "\(path[..<scheme.upperBound])\(rest[rest.index(after: at)...])"
  }
}
