import Workflow

/// What a value in a path or query may be.
enum ParameterKind: Sendable {
  /// 1 to so many characters, no control characters among them.
  case text(longest: Int)
  /// A decimal number; `fallback` is used when none is given.
  case integer(ClosedRange<Int>, fallback: Int? = nil)
  /// A number from 1 that fits the database, as a string.
  case id
  /// What a page before gave as `next`: a number from 0, as a string.
  case cursor
  case choice([String])
  /// A time with its zone.
  case time
  /// Words with commas between.
  case labels

  // 18 digits always fit 64 bits
  private static let mostDigits = 18

  var fallback: Int? {
    if case .integer(_, let fallback) = self { fallback } else { nil }
  }

  func accepts(_ text: String) -> Bool {
    switch self {
    case .text(let longest): !text.isEmpty && text.unicodeScalars.count <= longest
    case .integer(let range, _): Self.integer(text).map(range.contains) ?? false
    case .id: Self.isNumber(text) && text.first != "0"
    case .cursor: Self.isNumber(text)
    case .choice(let words): words.contains(text)
    case .time: RFC3339.seconds(of: text) != nil
    case .labels: Self.labels(in: text).allSatisfy { (1...Self.longestLabel).contains($0.unicodeScalars.count) }
    }
  }

  /// As it goes on after "expected".
  var expected: String {
    switch self {
    case .text(let longest): "1 to \(longest) characters"
    case .integer(let range, _): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .id: "a whole number from 1, such as 42"
    case .cursor: "what the page before gave as `next`"
    case .choice(let words): "one of \(words.joined(separator: ", "))"
    case .time: "a time as in RFC 3339, such as 2026-11-23T02:00:00Z"
    case .labels: "labels of 1 to \(Self.longestLabel) characters, with commas between"
    }
  }

  func suggestion(for text: String) -> String? {
    switch self {
    case .choice(let words): meant(by: text, among: words).map { "Did you mean \"\($0)\"?" }
    // a + in a query means a blank
    case .time where text.contains(" "): "Write a + of the zone as %2B, or give the time in UTC, with Z."
    default: nil
    }
  }

  var schema: JSON {
    switch self {
    case .text(let longest):
      // no URL may hold a control character, see RequestTarget
      return ["type": "string", "minLength": 1, "maxLength": JSON(longest), "pattern": #"^[^\u0000-\u001F\u007F-\u009F]*$"#]
    case .integer(let range, let fallback):
      var schema = JSONObject([
        ("type", "integer"), ("minimum", JSON(range.lowerBound)), ("maximum", JSON(range.upperBound)),
      ])
      if let fallback { schema.append("default", JSON(fallback)) }
      return .object(schema)
    case .id: return ["type": "string", "pattern": "^[1-9][0-9]{0,\(Self.mostDigits - 1)}$"]
    case .cursor: return ["type": "string", "pattern": "^[0-9]{1,\(Self.mostDigits)}$"]
    case .choice(let words): return ["type": "string", "enum": .array(words.map(JSON.string))]
    case .time: return ["type": "string", "format": "date-time"]
    case .labels:
      let label = #"[^,\u0000-\u001F\u007F-\u009F]{1,\#(Self.longestLabel)}"#
      return ["type": "string", "pattern": .string("^\(label)(,\(label))*$")]
    }
  }

  static let longestLabel = 100

  static func labels(in text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  // "warn" is nearer to "warning" than letters that differ can tell
  private func meant(by text: String, among words: [String]) -> String? {
    Suggestion.nearest(to: text, among: words) ?? words.first { !text.isEmpty && $0.hasPrefix(text.lowercased()) }
  }

  private static func isNumber(_ text: String) -> Bool {
    (1...mostDigits).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  // Int also reads "+5" and "007", which no client means
  private static func integer(_ text: String) -> Int? {
    guard let value = Int(text), String(value) == text else { return nil }
    return value
  }
}
