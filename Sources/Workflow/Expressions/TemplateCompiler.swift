/// Takes a template apart into literal bytes and slots.
struct TemplateCompiler {
  private(set) var bytes: [UInt8] = []
  private(set) var pieces: [Template.Piece] = []
  private(set) var slots: [Template.Slot] = []
  private(set) var faults: [TemplateError.Fault] = []
  private var literalStart = 0

  mutating func add(_ value: JSON, at place: ManifestPath) {
    switch value {
    case .object(let object):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in object.members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        JSON.string(member.key).write(to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        add(member.value, at: place[member.key])
      }
      bytes.append(UInt8(ascii: "}"))
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        add(element, at: place[index])
      }
      bytes.append(UInt8(ascii: "]"))
    case .string(let text): add(text: text, at: place)
    case .null, .bool, .number: value.write(to: &bytes)
    }
  }

  mutating func endLiteral() {
    if literalStart < bytes.count { pieces.append(.literal(literalStart..<bytes.count)) }
    literalStart = bytes.count
  }

  private mutating func add(text: String, at place: ManifestPath) {
    let parts: [Part]
    do {
      parts = try Self.parts(of: text)
    } catch {
      faults.append(error.at(place))
      return
    }
    if case .expression(let path)? = parts.first, parts.count == 1 {
      add(slot: Template.Slot(path: path, place: place, isWhole: true))
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for part in parts {
      switch part {
      case .expression(let path): add(slot: Template.Slot(path: path, place: place, isWhole: false))
      case .text(let text):
        var quoted: [UInt8] = []
        JSON.string(text).write(to: &quoted)
        bytes.append(contentsOf: quoted.dropFirst().dropLast())
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func add(slot: Template.Slot) {
    endLiteral()
    pieces.append(.slot(slots.count))
    slots.append(slot)
  }

  private enum Part {
    case text(String)
    case expression(ExpressionPath)
  }

  private static func parts(of text: String) throws(TemplateError.Fault) -> [Part] {
    var parts: [Part] = []
    var literal = ""
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      literal += rest[..<dollar]
      rest = rest[dollar...]
      if rest.hasPrefix("$${") {
        literal += "${"
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("${") {
        guard let end = rest.firstIndex(of: "}") else {
          throw TemplateError.Fault(
            "\"${\" is never closed.", hint: "Write \"}\" after the path, or \"$${\" for the two signs themselves.")
        }
        if !literal.isEmpty { parts.append(.text(literal)) }
        literal = ""
        parts.append(.expression(try ExpressionPath(parsing: rest[rest.index(rest.startIndex, offsetBy: 2)..<end])))
        rest = rest[rest.index(after: end)...]
      } else {
        literal += "$"
        rest = rest.dropFirst()
      }
    }
    literal += rest
    if !literal.isEmpty { parts.append(.text(literal)) }
    return parts
  }
}
