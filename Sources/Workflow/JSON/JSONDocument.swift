/// A JSON text with its tree, which can tell where in the text each value stands.
///
/// Positions are sought when they are asked for, which is when something is wrong.
public struct JSONDocument: Sendable {
  /// What of a member is meant.
  public enum Part: Sendable {
    case key, value
  }

  public let root: JSON
  private let bytes: [UInt8]

  public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) {
    self.bytes = bytes
    self.root = try JSON(parsing: bytes, limits: limits)
  }

  /// Where the value at `path` begins, or its key; what is not there has the place of what would hold it.
  public func position(of path: [JSONPathPart], _ part: Part = .value) -> JSONPosition {
    var value = RawJSON(unchecked: bytes[...])
    var offset = value.bytes.startIndex
    for (index, turn) in path.enumerated() {
      guard let (keyOffset, next) = Self.find(turn, in: value) else { break }
      value = next
      offset = part == .key && index == path.count - 1 ? keyOffset : next.bytes.startIndex
    }
    return bytes.withUnsafeBufferPointer { JSONPosition(of: offset, in: $0) }
  }

  /// Where the value at a JSON Pointer begins, or its key.
  public func position(ofPointer pointer: String, _ part: Part = .value) -> JSONPosition {
    var value = root
    var path: [JSONPathPart] = []
    for token in JSONPointer.tokens(pointer) {
      let turn: JSONPathPart =
        if case .array = value, let index = Int(token) { .element(index) } else { .member(token) }
      path.append(turn)
      value =
        switch turn {
        case .member(let key): value[key] ?? .null
        case .element(let index): value[index] ?? .null
        }
    }
    return position(of: path, part)
  }

  private static func find(_ turn: JSONPathPart, in value: RawJSON) -> (keyOffset: Int, value: RawJSON)? {
    switch turn {
    case .element(let index):
      return value.element(index).map { ($0.bytes.startIndex, $0) }
    case .member(let key):
      guard let member = value.member(key) else { return nil }
      // Back from the value over white space and the colon to the key's closing quote.
      var quote = member.bytes.startIndex - 1
      let bytes = value.bytes
      while bytes[quote] != UInt8(ascii: "\"") { quote -= 1 }
      return (keyStart(in: bytes, closing: quote), member)
    }
  }

  /// The opening quote of the key whose closing quote stands at `closing`.
  private static func keyStart(in bytes: ArraySlice<UInt8>, closing: Int) -> Int {
    var at = closing - 1
    while true {
      if bytes[at] == UInt8(ascii: "\"") {
        var backslashes = 0
        while bytes[at - 1 - backslashes] == UInt8(ascii: "\\") { backslashes += 1 }
        if backslashes.isMultiple(of: 2) { return at }
      }
      at -= 1
    }
  }
}
