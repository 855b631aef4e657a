import Testing
import Workflow

@Suite struct `Schema patterns` {
  private func matches(_ pattern: String, _ text: String) throws -> Bool {
    try Schema(["pattern": .string(pattern)]).accepts(.string(text))
  }

  @Test(arguments: [
    ("b", "abc", true), ("^b", "abc", false), ("^$", "", true), ("^a$", "a\n", false), ("^.$", "\u{2028}", false), ("^.$", "😀", true),
    ("^.$", "e\u{301}", false), (#"^\s$"#, "\u{A0}", true), (#"^\S$"#, "\u{A0}", false), (#"^[\s\d]$"#, "\u{FEFF}", true),
    (#"^\d$"#, "٣", false), (#"^\w$"#, "é", false), (#"^\u00e9$"#, "é", true), (#"^\ud83d\ude00$"#, "😀", true),
    (#"^\u{1F600}$"#, "😀", true),
    (#"^\x41\cI\0$"#, "A\t\u{0}", true), (#"^\/\-\.$"#, "/-.", true), ("^[^]$", "\n", true), ("[]", "a", false),
    (#"^[\]\[\-\b]+$"#, "][-\u{8}", true),
    ("^(?<year>\\d{4})-(?:\\d\\d)$", "2020-01", true), (#"^\p{Lu}\p{Letter}\P{L}$"#, "Éé1", true), (#"^\p{Script=Greek}$"#, "α", true),
    ("^a{2,3}?$", "aaa", true), ("^[a-z]+(_[a-z]+)*$", "silver_map", true), ("^[[]$", "[", true), ("a|^b", "ca", true), ("é+", "ééé", true),
    (#"^[\s\S]{3}$"#, "a\n\u{A0}", true), (#"^[\S]+$"#, "a!\u{200B}\u{10FFFF}", true), (#"^[\S]$"#, "\u{3000}", false),
    (#"^[^\S]$"#, "\u{2028}", true),
    (#"^[^\s"]+$"#, "a\u{3000}b", false),
  ])
  func `mean what ECMAScript says`(pattern: String, text: String, isMatch: Bool) throws {
    #expect(try matches(pattern, text) == isMatch)
  }

  @Test(arguments: [
    ("(?i)a", "has a group (? that ECMAScript does not know"),
    (#"\u12"#, "has an escape with fewer than 4 hexadecimal digits"), (#"\c1"#, #"has \c without a letter"#),
    (#"\pL"#, #"has \p without {NAME}"#),
    ("a**", "does not compile: bad repetition operator: **"), ("[b-a]", "does not compile: invalid character class range: b-a"),
    (#"\u{110000}"#, "names a character beyond U+10FFFF"),
    (#"\p{Nothing}"#, #"does not compile: invalid character class range: \p{Nothing}"#),
  ])
  func `that are broken say how`(pattern: String, reason: String) throws {
    let error = #expect(throws: SchemaError.self) { try Schema(["patternProperties": [pattern: true]]) }
    #expect(error?.code == .badPattern(pattern, reason: reason))
  }
}
