import Testing
import Workflow

@Suite struct `JSON syntax errors` {
  /// What the tree parser and the raw reader say; they agree on everything but duplicate keys.
  private func messages(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> [String] {
    var messages: [String] = []
    do throws(JSONSyntaxError) { _ = try JSON(parsing: bytes, limits: limits) } catch { messages.append(error.description) }
    do throws(JSONSyntaxError) { _ = try RawJSON(validating: bytes, limits: limits) } catch { messages.append(error.description) }
    return messages
  }

  @Test(arguments: [
    ("", "line 1, column 1: expected a value, found the end of the text"),
    (" \n ", "line 2, column 2: expected a value, found the end of the text"),
    ("{\"a\": 1,\n \"b\" 2}", "line 2, column 6: expected ':' after the key, found '2'"),
    ("{\"a\": 1\n \"b\": 2}", "line 2, column 2: expected ',' or '}' after the member, found '\"'"),
    ("[1 2]", "line 1, column 4: expected ',' or ']' after the element, found '2'"),
    ("[1", "line 1, column 3: expected ',' or ']' after the element, found the end of the text"),
    ("[1}", "line 1, column 3: expected ',' or ']' after the element, found '}'"),
    ("[1,]", "line 1, column 4: a ',' stands before ']'; remove it"),
    ("{\"a\": 1,\r\n}", "line 2, column 1: a ',' stands before '}'; remove it"),
    ("[,1]", "line 1, column 2: expected a value, found ','"),
    ("{,}", "line 1, column 2: expected a key in double quotes or '}', found ','"),
    ("{a: 1}", "line 1, column 2: expected a key in double quotes or '}', found 'a'"),
    ("{\"a\": 1, b: 2}", "line 1, column 10: expected a key in double quotes or '}', found 'b'"),
    ("{1: 2}", "line 1, column 2: expected a key in double quotes or '}', found '1'"),
    ("['a']", "line 1, column 2: expected a value, found \"'\"; strings stand in double quotes"),
    ("[1] // list", "line 1, column 5: expected nothing after the value, found '/'"),
    ("/* list */ [1]", "line 1, column 1: expected a value, found '/'; JSON has no comments"),
    ("1 2", "line 1, column 3: expected nothing after the value, found '2'"),
    ("{}}", "line 1, column 3: expected nothing after the value, found '}'"),
    ("[01]", "line 1, column 2: a number cannot begin with 0 and go on with digits; remove the 0"),
    ("-", "line 1, column 2: expected a digit after '-' of the number, found the end of the text"),
    ("-a", "line 1, column 2: expected a digit after '-' of the number, found 'a'"),
    ("[1.]", "line 1, column 4: expected a digit after '.' of the number, found ']'"),
    ("1e", "line 1, column 3: expected a digit after the exponent's 'e' of the number, found the end of the text"),
    ("1E+x", "line 1, column 4: expected a digit after the exponent's 'e' of the number, found 'x'"),
    ("+1", "line 1, column 1: expected a value, found '+'; a number begins with a digit or '-'"),
    (".5", "line 1, column 1: expected a value, found '.'; a number begins with a digit or '-'"),
    ("0x10", "line 1, column 2: expected nothing after the value, found 'x'"),
    ("[NaN]", "line 1, column 2: expected a value, found 'N'; write null for what is no number"),
    ("[-Infinity]", "line 1, column 3: expected a digit after '-' of the number, found 'I'"),
    ("True", "line 1, column 1: expected a value, found 'T'; the only bare words are true, false and null"),
    ("nul", "line 1, column 1: expected a value, found 'n'; the only bare words are true, false and null"),
    ("truex", "line 1, column 5: expected nothing after the value, found 'x'"),
    ("[\"abc", "line 1, column 2: the string that begins here has no closing quote"),
    ("\"abc\\", "line 1, column 1: the string that begins here has no closing quote"),
    ("\"a\nb\"", "line 1, column 3: a line break cannot stand in a string as it is; write it as \\n"),
    ("\"a\tb\"", "line 1, column 3: a tab cannot stand in a string as it is; write it as \\t"),
    ("\"a\u{1}\"", "line 1, column 3: the control character 0x01 cannot stand in a string as it is; write it as \\u0001"),
    (
      #""C:\data""#,
      #"line 1, column 4: a string knows the escapes \" \\ \/ \b \f \n \r \t \uXXXX only; write \\ for a backslash"#
    ),
    (#""\u12G4""#, #"line 1, column 2: expected four hexadecimal digits after \u"#),
    (#""\u12"#, #"line 1, column 2: expected four hexadecimal digits after \u"#),
    (
      #""é\ud83d!""#,
      #"line 1, column 3: this \u escape is half of a surrogate pair, which names no character; write both halves"#
    ),
    (
      #""\ude00""#,
      #"line 1, column 2: this \u escape is half of a surrogate pair, which names no character; write both halves"#
    ),
    (
      #""\ud83d\u0041""#,
      #"line 1, column 2: this \u escape is half of a surrogate pair, which names no character; write both halves"#
    ),
    ("\u{FEFF}{}", "line 1, column 1: the text begins with a byte order mark; save it as UTF-8 without one"),
    ("[\"😀é\", é]", "line 1, column 8: expected a value, found 'é'"),
    ("[\u{A0}1]", "line 1, column 2: expected a value, found '\u{A0}'"),
    ("[1\u{0}]", "line 1, column 3: expected ',' or ']' after the element, found the control character 0x00"),
  ])
  func `say where, what, and how to mend it`(text: String, message: String) {
    #expect(messages(Array(text.utf8)) == [message, message])
  }

  @Test(
    arguments: [
      ([0x80], 0x80), ([0xC0, 0x80], 0xC0), ([0xC1, 0xBF], 0xC1), ([0xC3], 0xC3), ([0xC3, 0x28], 0xC3), ([0xE0, 0x9F, 0xBF], 0xE0),
      ([0xED, 0xA0, 0x80], 0xED), ([0xE2, 0x82], 0xE2), ([0xF0, 0x8F, 0xBF, 0xBF], 0xF0), ([0xF4, 0x90, 0x80, 0x80], 0xF4),
      ([0xF5, 0x80, 0x80, 0x80], 0xF5), ([0xFF], 0xFF), ([0xF0, 0x9F, 0x98], 0xF0),
    ] as [([UInt8], Int)])
  func `name the byte that is not UTF-8`(broken: [UInt8], first: Int) {
    let message =
      "line 1, column 3: the byte 0x\(String(first, radix: 16, uppercase: true)) is not valid UTF-8 here; save the text as UTF-8"
    #expect(messages([0x22, 0x61] + broken + [0x22]) == [message, message])
  }

  @Test func `a byte that is not UTF-8 outside a string is named too`() {
    #expect(messages([0x5B, 0xFF, 0x5D]).first == "line 1, column 2: expected a value, found the byte 0xFF")
  }

  @Test(arguments: [
    (#"{"a": 1, "a": 2}"#, #"line 1, column 10: the key "a" stands twice in one object, first at line 1, column 2; keep one"#),
    (
      "{\"a\": {\"b\": 1,\n\"b\": 2}, \"b\": 3}",
      #"line 2, column 1: the key "b" stands twice in one object, first at line 1, column 8; keep one"#
    ),
    (#"{"é": 1, "\u00e9": 2}"#, #"line 1, column 10: the key "é" stands twice in one object, first at line 1, column 2; keep one"#),
    (#"{"": 1, "": 2}"#, #"line 1, column 9: the key "" stands twice in one object, first at line 1, column 2; keep one"#),
  ])
  func `a key that stands twice is refused by the tree alone`(text: String, message: String) {
    #expect(messages(Array(text.utf8)) == [message])
  }

  @Test func `a key that stands twice among many is found`() {
    let members = (0..<1_000).map { "\"key\($0)\": \($0)" } + ["\"key500\": 0"]
    let text = "{" + members.joined(separator: ",\n") + "}"
    #expect(
      messages(Array(text.utf8)) == [
        #"line 1001, column 1: the key "key500" stands twice in one object, first at line 501, column 1; keep one"#
      ])
  }

  @Test func `keys that only look alike are two`() throws {
    #expect(try JSON(parsing: #"{"\u00e9": 1, "e\u0301": 2, "a": 3, "A": 4}"#).objectValue?.count == 4)
  }

  @Test(arguments: ["[", "{\"a\":"])
  func `200,000 levels are one error`(opening: String) {
    let message = "line 1, column \(opening.utf8.count * 512 + 1): nested deeper than 512 levels, which is the limit"
    #expect(messages(Array(String(repeating: opening, count: 200_000).utf8)) == [message, message])
  }

  @Test func `a longer text than the limit is refused before it is read`() {
    let message = "line 1, column 1: the text has 5 bytes, the limit is 4"
    #expect(messages(Array("[1,2]".utf8), limits: JSONLimits(maxBytes: 4)) == [message, message])
    #expect(messages(Array("[1,2]".utf8), limits: JSONLimits(maxBytes: 5)) == [])
  }

  @Test func `NUL is refused where it cannot be stored`() {
    let text = Array(#"["a\u0000"]"#.utf8)
    let message = #"line 1, column 4: the character \u0000 cannot be stored; remove it"#
    #expect(messages(text, limits: JSONLimits(allowsNUL: false)) == [message, message])
    #expect(messages(text) == [])
  }

  @Test(arguments: ["1e1001", "-0e-1001", "1E+99999999999999999999999", "0." + String(repeating: "0", count: 999)])
  func `a number that PostgreSQL would write with too many digits is refused where it is stored`(number: String) {
    let message = "line 1, column 2: the number has more than 1000 digits when it is written in full; round it"
    #expect(messages(Array("[\(number)]".utf8), limits: .storable) == [message, message])
    #expect(messages(Array("[\(number)]".utf8)) == [])
    #expect(messages(Array("[1e1000, -1.5e-1000]".utf8), limits: .storable) == [])
  }

  @Test func `depth is counted in levels`() {
    #expect(messages(Array("1".utf8), limits: JSONLimits(maxDepth: 0)) == [])
    #expect(messages(Array("[{}]".utf8), limits: JSONLimits(maxDepth: 2)) == [])
    #expect(messages(Array("[{}]".utf8), limits: JSONLimits(maxDepth: 1)).count == 2)
  }
}
