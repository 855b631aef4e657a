import Testing
import Workflow

@Suite struct `JSON texts` {
  @Test(arguments: [
    "[]", "{}", "null", "\"\"", " [ ] ", "\t{\r\n}\n", "[[]   ]", "{\"\":0}", "[-0]", "[0e+1]", "[1E22]", "[1.5e-3]", "-1", "0",
    "[123456789012345678901234567890]", "[\"\\u0000\"]", "[\"\u{7F}\"]", "[\"\u{2028}\u{FFFF}\u{10FFFF}\"]",
    #"["\uD801\udc37","\"\\\/\b\f\n\r\t"]"#, "{\"a\":{\"a\":{\"a\":[]}}}", "[1,[2,[3]],{\"x\":[{}]}]",
  ])
  func `that are valid are read alike by both readers`(text: String) throws {
    let raw = try RawJSON(validating: text)
    #expect(try JSON(parsing: text) == raw.parsed())
    #expect(try JSON(parsing: Array(text.utf8)) == JSON(parsing: Array(("x" + text).utf8).dropFirst()))
    #expect(try RawJSON(validating: Array(("x" + text).utf8).dropFirst()).text == raw.text)
  }

  @Test func `that were damaged at random are refused alike, without a crash`() {
    let seed = Array(#"{"id": "é\u00e9\n", "n": [-1.5e+3, 0, true, null], "o": {"k": {}}, "😀": ["a", "\\"]} "#.utf8)
    var state: UInt64 = 7
    func dice(_ sides: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(sides))
    }
    let letters = Array("{}[]\",:\\ueE+-.0123456789tfn \n\u{1}é".utf8)
    for _ in 0..<4_000 {
      var bytes = seed
      for _ in 0...dice(3) {
        switch dice(3) {
        case 0: bytes[dice(bytes.count)] = letters[dice(letters.count)]
        case 1: bytes.remove(at: dice(bytes.count))
        default: bytes.insert(letters[dice(letters.count)], at: dice(bytes.count))
        }
      }
      let tree = Result { try JSON(parsing: bytes) }
      let raw = Result { try RawJSON(validating: bytes) }
      switch (tree, raw) {
      case (.success(let tree), .success(let raw)): #expect(raw.parsed() == tree)
      case (.failure(let left as JSONSyntaxError), .failure(let right as JSONSyntaxError)):
        #expect(left == right || left.message.contains("stands twice"))
      case (.failure(let error as JSONSyntaxError), .success): #expect(error.message.contains("stands twice"))
      default: Issue.record("\(String(decoding: bytes, as: UTF8.self))")
      }
      let unchecked = RawJSON(unchecked: bytes[...])
      unchecked.forEachMember { _ in }
      _ = unchecked.member("o")
    }
  }

  @Test func `are written with the shortest escapes`() {
    #expect(
      JSON.string("\u{0}\u{8}\u{9}\u{A}\u{B}\u{C}\u{D}\u{1F}\"\\/é😀\u{7F}").serialized()
        == #""\u0000\b\t\n\u000b\f\r\u001f\"\\/é😀\#u{7F}""#)
    #expect(JSON.array([1, 0.5, nil, true, "a", [:], ["b": []]]).serialized() == #"[1,0.5,null,true,"a",{},{"b":[]}]"#)
  }

  @Test func `give up their parts`() throws {
    let value = try JSON(parsing: #"{"a": [10.0, "x", {"b": false}], "c": null}"#)
    #expect(value["a"]?[0]?.intValue == 10)
    #expect(value["a"]?[0]?.doubleValue == 10)
    #expect(value["a"]?[0]?.numberValue?.text == "10.0")
    #expect(value["a"]?[1]?.stringValue == "x")
    #expect(value["a"]?[2]?["b"]?.boolValue == false)
    #expect(value["a"]?[3] == nil)
    #expect(value["a"]?["b"] == nil)
    #expect(value["c"]?.isNull == true)
    #expect(value.objectValue?.keys == ["a", "c"])
  }

  @Test func `have members that can be set and removed`() {
    var object: JSONObject = ["a": 1, "b": 2]
    object["a"] = "x"
    object["c"] = nil
    object.append("d", true)
    object["b"] = nil
    #expect(JSON.object(object).serialized() == #"{"a":"x","d":true}"#)
    for index in 0..<100 { object["k\(index)"] = JSON(index) }
    object["k50"] = nil
    object["k99"] = "last"
    #expect(object.count == 101)
    #expect(object["k49"] == 49)
    #expect(object["k50"] == nil)
    #expect(object["k51"] == 51)
    #expect(object["k99"] == "last")
  }

  @Test(arguments: [
    ("1", "1.0", true), ("100", "1e2", true), ("0", "-0.0", true), ("0.1", "0.10", true), ("1e400", "10e399", true),
    ("9007199254740993", "9007199254740992", false), ("0.1", "0.1000000000000000055511151231257827", false),
    (#"{"a": 1, "b": [2]}"#, #"{"b": [2.0], "a": 1}"#, true), (#"{"a": 1}"#, #"{"a": 1, "b": 2}"#, false), ("[1, 2]", "[2, 1]", false),
    (#""é""#, #""\u00e9""#, true), (#""\u00e9""#, #""e\u0301""#, false), ("1", "\"1\"", false), ("null", "false", false),
    ("1", "true", false),
  ])
  func `are equivalent when they mean the same`(left: String, right: String, isEquivalent: Bool) throws {
    let (left, right) = (try JSON(parsing: left), try JSON(parsing: right))
    #expect(left.isEquivalent(to: right) == isEquivalent)
    #expect(right.isEquivalent(to: left) == isEquivalent)
  }
}
