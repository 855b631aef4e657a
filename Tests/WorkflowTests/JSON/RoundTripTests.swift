import Testing
import Workflow

@Suite struct `JSON round trips` {
  /// A fixed sequence, so that a failure can be seen again.
  private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state ^ (state >> 29)) &* 0x9E37_79B9_7F4A_7C15
    }
  }

  private static let texts = [
    "", "a", "é", "e\u{301}", "\u{212B}", "\u{C5}", "\"", "\\", "/", "\n\u{1}\u{1F}", "\u{7F}", "\u{2028}", "😀",
    "a long string that is stored outside", "\u{0}", "{}[]:,",
  ]
  private static let numbers = ["0", "-0", "0.49", "10.0", "1e400", "-1E-7", "18446744073709551616", "5e-324"]

  private func make(_ dice: inout Dice, depth: Int) -> JSON {
    switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &dice) {
    case 0: return nil
    case 1: return .bool(Bool.random(using: &dice))
    case 2: return .number(JSONNumber(text: Self.numbers.randomElement(using: &dice) ?? "0") ?? JSONNumber(0))
    case 3: return .number(JSONNumber(Double.random(in: -1e9...1e9, using: &dice)))
    case 4: return .string(Self.texts.randomElement(using: &dice) ?? "")
    case 5:
      let count = Int.random(in: 0..<5, using: &dice)
      return .array((0..<count).map { _ in make(&dice, depth: depth - 1) })
    default:
      var object = JSONObject()
      for index in 0..<Int.random(in: 0..<40, using: &dice) {
        let key = (Self.texts.randomElement(using: &dice) ?? "") + (Bool.random(using: &dice) ? "" : "\(index)")
        object[key] = make(&dice, depth: depth - 1)
      }
      return .object(object)
    }
  }

  @Test(arguments: UInt64(1)...30)
  func `a tree that is written and read is the same`(seed: UInt64) throws {
    var dice = Dice(state: seed)
    let tree = make(&dice, depth: 4)
    let text = tree.serialized()
    let again = try JSON(parsing: text)
    #expect(again == tree)
    #expect(again.serialized() == text)
    #expect(again.isEquivalent(to: tree))
    #expect(try RawJSON(validating: text).parsed() == tree)
  }

  @Test(arguments: UInt64(1)...20)
  func `raw parts are the tree's parts`(seed: UInt64) throws {
    var dice = Dice(state: seed)
    let tree = make(&dice, depth: 4)
    let raw = RawJSON(tree)
    for member in tree.objectValue?.members ?? [] {
      #expect(raw.member(member.key)?.parsed() == member.value)
    }
    for (index, element) in (tree.arrayValue ?? []).enumerated() {
      #expect(raw.element(index)?.parsed() == element)
    }
  }

  @Test(arguments: numbers)
  func `a number keeps its text`(text: String) throws {
    #expect(try JSON(parsing: "[\(text)]").serialized() == "[\(text)]")
    #expect(JSONNumber(text: text)?.text == text)
  }
}
