/// The path and query of a request, decoded.
struct RequestTarget: Sendable {
  let path: [String]
  let query: [(name: String, value: String)]

  /// - Throws: 400 or 414.
  init(_ target: String) throws(Problem) {
    guard target.utf8.count <= Limits.targetBytes else {
      throw Problem(.urlTooLong, "the URL has \(target.utf8.count) bytes, the limit is \(Limits.targetBytes)", hint: "Send a shorter one.")
    }
    guard target.hasPrefix("/") else {
      throw Problem(.malformedURL, "the request's target does not begin with /", hint: "Ask for a path such as /api/jobs.")
    }
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var path: [String] = []
    for segment in parts[0].dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      path.append(try Self.decoded(segment, isQuery: false))
    }
    self.path = path
    query = try Self.pairs(parts.count > 1 ? parts[1] : "")
  }

  /// What a form sends is written as a query is.
  /// - Throws: 400.
  init(form: String) throws(Problem) {
    path = []
    query = try Self.pairs(form[...])
  }

  private static func pairs(_ text: Substring) throws(Problem) -> [(String, String)] {
    var pairs: [(String, String)] = []
    for pair in text.split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      pairs.append((try decoded(sides[0], isQuery: true), sides.count > 1 ? try decoded(sides[1], isQuery: true) : ""))
    }
    return pairs
  }

  private static func decoded(_ text: Substring, isQuery: Bool) throws(Problem) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = digit(rest.popFirst()), let low = digit(rest.popFirst()) else {
          throw malformed("a % without two hexadecimal digits")
        }
        bytes.append(high << 4 | low)
      case UInt8(ascii: "+") where isQuery: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    guard let decoded = String(validating: bytes, as: UTF8.self) else { throw malformed("bytes that are not UTF-8") }
    guard !decoded.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      throw malformed("a control character")
    }
    return decoded
  }

  private static func malformed(_ what: String) -> Problem {
    Problem(.malformedURL, "the URL holds \(what)", hint: "Percent-encode what is not a letter, a digit or one of - . _ ~, as UTF-8.")
  }

  private static func digit(_ byte: UInt8?) -> UInt8? {
    switch byte {
    case let byte? where (0x30...0x39).contains(byte): byte - 0x30
    case let byte? where (0x41...0x46).contains(byte): byte - 0x41 + 10
    case let byte? where (0x61...0x66).contains(byte): byte - 0x61 + 10
    default: nil
    }
  }
}
