import HandlerKit
import Testing

@Suite struct `Edits of JSON text` {
  static let pretty = """
    {
      "id" : "a",
      "n": [0.49, 10.0 ,12345678901234567890],
      "o": { "x": 1 , "y": {} }
    }
    """

  @Test func `keeps everything byte for byte when nothing is edited`() throws {
    for text in [Self.pretty, "{}", "{ }", "[ ]", "[1 ,2 ]"] {
      let json = try JSONText(validating: text)
      #expect(json.editingMembers { _, _ in .keep }.text == text)
      #expect(json.editingElements { _ in .keep }.text == text)
    }
  }

  @Test func `replaces one value and leaves the rest alone`() throws {
    let json = try JSONText(validating: Self.pretty)
    #expect(json.setting("id", to: JSONText("b")).text == Self.pretty.replacing("\"a\"", with: "\"b\""))
  }

  @Test func `adds at the end in the style of the others`() throws {
    #expect(try JSONText(validating: "{\n  \"a\": 1\n}").setting("b", to: .null).text == "{\n  \"a\": 1,\n  \"b\":null\n}")
    #expect(try JSONText(validating: "{ }").setting("b", to: .null).text == "{\"b\":null }")
  }

  @Test(arguments: [
    (["a"], "{ \"b\":2 , \"c\":3 }"), (["b"], "{ \"a\":1, \"c\":3 }"), (["c"], "{ \"a\":1, \"b\":2 }"), (["a", "b"], "{ \"c\":3 }"),
    (["a", "c"], "{ \"b\":2 }"), (["b", "c"], "{ \"a\":1 }"), (["a", "b", "c"], "{ }"),
  ])
  func `drops members with their commas`(dropped: [String], expected: String) throws {
    let json = try JSONText(validating: "{ \"a\":1, \"b\":2 , \"c\":3 }")
    let edited = json.editingMembers { key, _ in dropped.contains(key) ? .drop : .keep }
    #expect(edited.text == expected)
    #expect(try JSONText(validating: edited.text) == edited)
  }

  @Test func `edits elements inside members`() throws {
    let json = try JSONText(validating: Self.pretty)
    let edited = json.editingMembers { key, value in
      key == "n" ? .replace(value.editingElements { $0.text == "10.0" ? .drop : .keep }) : .keep
    }
    #expect(edited.text == Self.pretty.replacing(" 10.0 ,", with: ""))
  }

  @Test func `random edits of random documents stay valid and change nothing else`() throws {
    var random = SplitMix(seed: 42)
    for _ in 0..<2_000 {
      let json = try JSONText(validating: random.document(depth: 4))
      let victims = Set(json.members.map(\.key).filter { _ in Bool.random(using: &random) })
      let edited = json.editingMembers(adding: [("added", JSONText("é\n"))]) { key, _ in victims.contains(key) ? .drop : .keep }
      let again = try JSONText(validating: edited.text)
      guard json.kind == .object else {
        #expect(edited == json)
        continue
      }
      let kept = json.members.filter { !victims.contains($0.key) }
      #expect(again.members.map(\.key) == kept.map(\.key) + ["added"])
      #expect(again.members.map(\.value) == kept.map(\.value) + [JSONText("é\n")])
    }
  }
}

/// The same numbers in every test run.
private struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func document(depth: Int) -> String {
    let space = ["", " ", "\n  ", "\t"].randomElement(using: &self) ?? ""
    switch Int.random(in: 0..<(depth == 0 ? 5 : 9), using: &self) {
    case 0: return space + "10.0"
    case 1: return "-0.49e-7" + space
    case 2: return #""\u00e9\"]},:{[""#
    case 3: return "null"
    case 4: return "12345678901234567890"
    case 5:
      return "[" + space + (0..<Int.random(in: 0..<4, using: &self)).map { _ in document(depth: depth - 1) }.joined(separator: ",") + "]"
    default:
      let members = (0..<Int.random(in: 0..<6, using: &self)).map { "\(space)\"k\($0)\\n\"\(space):\(document(depth: depth - 1))" }
      return "{" + members.joined(separator: ",") + space + "}"
    }
  }
}
