/// Where the hrefs of one STAC document lead inside its container.
///
/// A relative href starts at the document's folder, one with a leading "/" at the container's root; both may be
/// percent-encoded. An absolute URL is inside only if it begins with the container's own.
struct Href {
  /// Key of the document.
  let document: String
  /// The container's URL with "/" at its end, if the host says it.
  let containerURL: String?

  struct Outside: Error, CustomStringConvertible {
    let description: String
  }

  /// The key that `href` leads to.
  func key(of href: String) throws(Outside) -> String {
    let bytes = href.utf8[...]
    if bytes.isEmpty { throw Outside(description: "the href is empty") }
    if let containerURL, bytes.starts(with: containerURL.utf8) {
      return try normalized([], bytes.dropFirst(containerURL.utf8.count), href)
    }
    if bytes.starts(with: "//".utf8) || Self.isAbsolute(href) { throw Outside(description: "\(href) leaves the container") }
    return try normalized(bytes.first == Self.slash ? [] : folder, bytes, href)
  }

  private static let slash = UInt8(ascii: "/")

  /// The segments before the document's own name.
  private var folder: [String] {
    document.utf8.split(separator: Self.slash).dropLast().map { String(Substring($0)) }
  }

  /// True if `href` begins with a scheme, such as `https:`.
  static func isAbsolute(_ href: String) -> Bool {
    guard let colon = href.utf8.firstIndex(of: UInt8(ascii: ":")), let first = href.utf8.first else { return false }
    let isSchemeByte = { (byte: UInt8) in
      Self.isLetter(byte) || Self.isDigit(byte) || "+-.".utf8.contains(byte)
    }
    return isLetter(first) && href.utf8[..<colon].allSatisfy(isSchemeByte)
  }

  /// `key` as part of a URL.
  static func encoded(_ key: String) -> String {
    var out = ""
    for byte in key.utf8 {
      if isLetter(byte) || isDigit(byte) || "-._~/!$&'()*+,;=:@".utf8.contains(byte) {
        out.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let hex = String(byte, radix: 16, uppercase: true)
        out += hex.utf8.count == 1 ? "%0\(hex)" : "%\(hex)"
      }
    }
    return out
  }

  private func normalized(_ folder: [String], _ path: Substring.UTF8View, _ href: String) throws(Outside) -> String {
    let path = path.prefix { $0 != UInt8(ascii: "#") }
    if path.contains(UInt8(ascii: "?")) {
      throw Outside(description: "\(href) has a query, which no object in a container has")
    }
    var segments = folder
    var isFolder = true
    for part in path.split(separator: Self.slash, omittingEmptySubsequences: false) {
      let segment = try Self.decoded(part, href)
      isFolder = segment.isEmpty || segment == "." || segment == ".."
      if segment == ".." {
        if segments.popLast() == nil { throw Outside(description: "\(href) leaves the container") }
      } else if !isFolder {
        segments.append(segment)
      }
    }
    if isFolder { throw Outside(description: "\(href) names a folder, not an object") }
    return segments.joined(separator: "/")
  }

  /// A "%" that two hex digits do not follow stands for itself.
  private static func decoded(_ part: Substring.UTF8View, _ href: String) throws(Outside) -> String {
    var bytes: [UInt8] = []
    var rest = part
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let value = hexByte(rest.prefix(2)) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Outside(description: "\(href) is not UTF-8 once decoded")
    }
    if bytes.contains(where: { $0 < 0x20 || $0 == slash || $0 == 0x7F }) {
      throw Outside(description: "\(href) has an encoded slash or control character in a name")
    }
    return text
  }

  private static func hexByte(_ digits: Substring.UTF8View) -> UInt8? {
    guard digits.count == 2, digits.allSatisfy({ isDigit($0) || (isLetter($0) && $0 | 0x20 <= UInt8(ascii: "f")) }) else { return nil }
    return UInt8(Substring(digits), radix: 16)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
