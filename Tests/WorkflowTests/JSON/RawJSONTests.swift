import Testing
import Workflow

@Suite struct `Raw JSON` {
  private let object = #" {"a": 1, "b\n": [true, {"x": "}]\""}, null], "c": {"d": "é\u00e9"}, "a": 2.50} "#

  @Test func `keeps the text and leaves out white space around it`() throws {
    #expect(try RawJSON(validating: " [ 1.0 ]\n").text == "[ 1.0 ]")
  }

  @Test func `finds a member without a tree, the last of two`() throws {
    let raw = try RawJSON(validating: object)
    #expect(raw.member("a")?.text == "2.50")
    #expect(raw.member("c")?.member("d")?.string == "éé")
    #expect(raw.member("b\n")?.text == #"[true, {"x": "}]\""}, null]"#)
    #expect(raw.member("b\\n") == nil)
    #expect(raw.member("") == nil)
  }

  @Test func `gives members and elements in the order of the text`() throws {
    let raw = try RawJSON(validating: object)
    var keys: [String] = []
    raw.forEachMember { keys.append($0.key) }
    #expect(keys == ["a", "b\n", "c", "a"])
    var elements: [String] = []
    raw.member("b\n")?.forEachElement { elements.append($0.text) }
    #expect(elements == ["true", #"{"x": "}]\""}"#, "null"])
    #expect(raw.elementCount == 4)
    #expect(raw.member("b\n")?.elementCount == 3)
    #expect(raw.member("b\n")?.element(1)?.member("x")?.string == "}]\"")
    #expect(raw.member("b\n")?.element(3) == nil)
  }

  @Test(arguments: ["[]", "{}", "[ ]", "{ }", "1", "\"\"", "null"])
  func `has no parts when it is empty or a scalar`(text: String) throws {
    let raw = try RawJSON(validating: text)
    #expect(raw.elementCount == 0)
    #expect(raw.member("a") == nil)
    #expect(raw.element(0) == nil)
  }

  @Test func `reads scalars`() throws {
    #expect(try RawJSON(validating: "-0").int == 0)
    #expect(try RawJSON(validating: "9223372036854775807").int == Int.max)
    #expect(try RawJSON(validating: "-9223372036854775808").int == Int.min)
    #expect(try RawJSON(validating: "9223372036854775808").int == nil)
    #expect(try RawJSON(validating: "1e2").int == 100)
    #expect(try RawJSON(validating: "1.5").int == nil)
    #expect(try RawJSON(validating: "0.49").double == 0.49)
    #expect(try RawJSON(validating: "true").bool == true)
    #expect(try RawJSON(validating: "false").bool == false)
    #expect(try RawJSON(validating: "\"1\"").int == nil)
    #expect(try RawJSON(validating: "null").isNull)
    #expect(try RawJSON(validating: #""\ud83d\ude00\/\b\f\n\r\t\"\\""#).string == "😀/\u{8}\u{c}\n\r\t\"\\")
  }

  @Test func `writes itself on one line without touching strings`() throws {
    let raw = try RawJSON(validating: "{\n  \"a\\n\": \"b\",\r\n  \"c\": 1.0\n}")
    #expect(String(decoding: raw.singleLine, as: UTF8.self) == "{   \"a\\n\": \"b\",    \"c\": 1.0 }")
  }

  @Test func `gives a tree that keeps the last of two members`() throws {
    #expect(try RawJSON(validating: object).parsed()["a"]?.serialized() == "2.50")
  }

  @Test(arguments: ["", "{", "[1", "{\"a", "{\"a\"", "{\"a\":", "[\"\\", "nul", "}", "[}", "{]", "[1,,]", "\\\"{[\"", "\"", "[\"a"])
  func `stays within its memory when it was wrongly taken unchecked`(text: String) {
    let raw = RawJSON(unchecked: Array(text.utf8)[...])
    raw.forEachMember { _ in }
    raw.forEachElement { _ in }
    _ = (raw.member("a"), raw.element(1), raw.elementCount, raw.string, raw.int, raw.double, raw.parsed(), raw.kind)
  }
}
