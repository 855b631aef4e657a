import HandlerKit
import Testing

@Suite struct `JSON text` {
  @Test(arguments: [
    "0", "-0", "0.49", "10.0", "12345678901234567890", "1e5", "-1.5E-300", "true", "false", "null", "\"\"", "[]", "{}",
    #"{"a":[1,2,{"b":null}],"c":"\u00e9\ud83d\ude00\"\\\/\b\f\n\r\t"}"#, "[ ]", "{ }", "[[],{},\"\"]",
  ])
  func `takes valid JSON and gives the same text back`(text: String) throws {
    #expect(try JSONText(validating: text).text == text)
    #expect(try JSONText(validating: " \n\t\(text)\r\n").text == text)
  }

  @Test(arguments: [
    ("", "line 1, column 1: the text ends where a value should be"),
    ("{\"a\":1,}", "line 1, column 8: expected a key in double quotes"),
    ("[1,]", "line 1, column 4: not a JSON value"),
    ("[1 2]", "line 1, column 4: expected ',' or ']'"),
    ("{\"a\" 1}", "line 1, column 6: expected ':' after the key"),
    ("{\"a\":1\n  \"b\":2}", "line 2, column 3: expected ',' or '}'"),
    ("01", "line 1, column 3: a number must not begin with 0"),
    ("1.", "line 1, column 3: expected a digit after '.'"),
    ("1e", "line 1, column 3: expected a digit in the exponent"),
    ("nul", "line 1, column 1: not a JSON value"),
    ("\"\\x\"", "line 1, column 3: unknown escape"),
    ("\"\\u12g4\"", "line 1, column 6: \\u needs four hex digits"),
    ("\"a\tb\"", "line 1, column 3: a control character in a string must be escaped"),
    ("\"abc", "line 1, column 5: the text ends inside a string"),
    ("{} {}", "line 1, column 4: more text after the value"),
    ("[[1]", "line 1, column 5: expected ',' or ']'"),
    ("NaN", "line 1, column 1: not a JSON value"),
    ("'a'", "line 1, column 1: not a JSON value"),
  ])
  func `says what is wrong and where`(text: String, message: String) {
    #expect(throws: JSONTextError.self) { try JSONText(validating: text) }
    do { _ = try JSONText(validating: text) } catch { #expect(error.description == message) }
  }

  @Test func `refuses bytes that are not UTF-8 and nesting beyond 512 levels`() throws {
    #expect(throws: JSONTextError.self) { try JSONText(validating: [0x22, 0xC3, 0x28, 0x22]) }
    let deep = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
    #expect(try JSONText(validating: deep).text == deep)
    #expect(throws: JSONTextError.self) { try JSONText(validating: "[" + deep + "]") }
    #expect(throws: JSONTextError.self) { try JSONText(validating: String(repeating: "{\"a\":", count: 200_000)) }
  }

  @Test func `finds members and elements by their decoded keys`() throws {
    let json = try JSONText(validating: #" { "a\u002fb" : [ 1 , "x,]}" , {"k":"\""} ] , "é":0.49,"n":12345678901234567890, "":true } "#)
    #expect(json["a/b"]?.elements.map(\.text) == ["1", #""x,]}""#, #"{"k":"\""}"#])
    #expect(json["é"]?.text == "0.49")
    #expect(json["é"]?.double == 0.49)
    #expect(json["n"]?.text == "12345678901234567890")
    #expect(json["n"]?.int == nil)
    #expect(json[""]?.bool == true)
    #expect(json["a"] == nil)
    #expect(json.members.map(\.key) == ["a/b", "é", "n", ""])
    #expect(json.elements.isEmpty)
    #expect(json["n"]?["x"] == nil)
  }

  @Test func `counts the last of repeated keys, as jsonb does`() throws {
    #expect(try JSONText(validating: #"{"a":1,"b":2,"\u0061":3}"#)["a"]?.int == 3)
  }

  @Test func `decodes every escape, and half a surrogate pair as U+FFFD`() throws {
    let text = #""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud83dx""#
    #expect(try JSONText(validating: text).string == "a\"\\/\u{8}\u{C}\n\r\té😀\u{FFFD}x")
  }

  @Test func `writes strings that read back`() throws {
    let text = String(String.UnicodeScalarView((0..<0x300).compactMap { Unicode.Scalar($0) })) + "😀\"\\"
    let written = JSONText(text)
    #expect(try JSONText(validating: written.text).string == text)
  }

  @Test func `builds objects and arrays in the order given and leaves out what is nil`() {
    let built = JSONText.object(["b": JSONText(1), "a": .array([JSONText("x"), .null, JSONText(true)]), "none": nil, "d": JSONText(0.5)])
    #expect(built.text == #"{"b":1,"a":["x",null,true],"d":0.5}"#)
    #expect(JSONText.object([:]).text == "{}")
    #expect(JSONText(Double.infinity).text == "null")
  }
}
