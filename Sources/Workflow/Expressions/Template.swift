/// A JSON value with expressions in its strings: compiled once, rendered for every task.
///
/// A string that is one expression (`"${items}"`) becomes the value itself, its text unchanged, null when it is not there.
/// In a longer string (`"tiles/${index}.tif"`) a string is put in as it is and anything else as its compact text; null
/// there is an error. `$${` stands for `${`. The names of members are never expressions.
public struct Template: Sendable {
  /// One expression and where it stands.
  public struct Slot: Sendable, Hashable {
    public let path: ExpressionPath
    /// Inside the template: `from`, or `assets[0].href`.
    public let place: ManifestPath
    /// The whole value, not part of a string.
    public let isWhole: Bool
  }

  enum Piece: Sendable {
    case literal(Range<Int>)
    case slot(Int)
  }

  public let source: JSON
  /// In the order of the text.
  public let slots: [Slot]
  private let literals: [UInt8]
  private let pieces: [Piece]

  public static let empty = Template(source: .object(JSONObject()), literals: Array("{}".utf8))

  private init(source: JSON, literals: [UInt8]) {
    self.source = source
    self.slots = []
    self.literals = literals
    self.pieces = [.literal(literals.indices)]
  }

  /// - Throws: every fault there is.
  public init(_ source: JSON) throws(TemplateError) {
    var compiler = TemplateCompiler()
    compiler.add(source, at: ManifestPath())
    compiler.endLiteral()
    if !compiler.faults.isEmpty { throw TemplateError(faults: compiler.faults) }
    self.source = source
    self.slots = compiler.slots
    self.literals = compiler.bytes
    self.pieces = compiler.pieces
  }

  public var paths: [ExpressionPath] { slots.map(\.path) }

  /// A string that is one expression and nothing else.
  public var isOneExpression: Bool {
    if case .string = source { return pieces.count == 1 && slots.first?.isWhole == true }
    return false
  }

  /// The JSON text.
  public func render(in scope: some ExpressionScope) throws(ExpressionError) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(literals.count + 64 * slots.count)
    for piece in pieces {
      switch piece {
      case .literal(let range): text.append(contentsOf: literals[range])
      case .slot(let index):
        let slot = slots[index]
        let value = try scope.value(at: slot.path)
        if slot.isWhole {
          if let value { text.append(contentsOf: value.bytes) } else { text.append(contentsOf: "null".utf8) }
        } else {
          try Self.append(value, of: slot.path, to: &text)
        }
      }
    }
    return text
  }

  /// Puts a value into the string that is being written.
  private static func append(
    _ value: RawJSON?, of path: ExpressionPath, to text: inout [UInt8]
  ) throws(ExpressionError) {
    guard let value, value.kind != .null else { throw ExpressionError(path: path, reason: .nullInText) }
    switch value.kind {
    case .string: text.append(contentsOf: value.bytes.dropFirst().dropLast())
    case .array, .object:
      for byte in value.parsed().serialized().utf8 {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { text.append(UInt8(ascii: "\\")) }
        text.append(byte)
      }
    case .null, .bool, .number: text.append(contentsOf: value.bytes)
    }
  }
}

extension Template: Hashable {
  public static func == (one: Template, other: Template) -> Bool { one.source == other.source }
  public func hash(into hasher: inout Hasher) { hasher.combine(source) }
}
