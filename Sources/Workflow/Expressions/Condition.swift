/// Whether a stage is done at all: `{"equals": ["${stages.check.result.needs_update}", true]}`.
///
/// `equals` of two values (1 equals 1.0, the order of members does not count), `in` of a value and an array, `less` and
/// `greater` of two numbers, `exists` of an expression (there, and not null), `not` of one condition, `all` and `any`
/// of an array of them. Values are templates over `params`, `stages` and `job`.
public struct Condition: Sendable {
  indirect enum Clause: Sendable {
    case equals(Template, Template)
    case isIn(Template, Template)
    case less(Template, Template)
    case greater(Template, Template)
    case exists(Template)
    case not(Clause)
    case all([Clause])
    case any([Clause])
  }

  public let source: JSON
  /// Every expression in it, with its place inside the condition.
  public let slots: [Template.Slot]
  private let clause: Clause

  /// - Throws: every fault there is.
  public init(_ source: JSON) throws(TemplateError) {
    var compiler = ConditionCompiler()
    let clause = compiler.clause(source, at: ManifestPath())
    guard let clause, compiler.faults.isEmpty else { throw TemplateError(faults: compiler.faults) }
    self.source = source
    self.slots = compiler.slots
    self.clause = clause
  }

  public var paths: [ExpressionPath] { slots.map(\.path) }

  public func holds(in scope: some ExpressionScope) throws(ExpressionError) -> Bool { try clause.holds(in: scope) }
}

extension Condition.Clause {
  fileprivate func holds(in scope: some ExpressionScope) throws(ExpressionError) -> Bool {
    switch self {
    case .equals(let one, let other): return try one.value(in: scope).isEquivalent(to: other.value(in: scope))
    case .isIn(let one, let other):
      let array = try other.value(in: scope)
      guard case .array(let elements) = array else { throw array.notComparable("in", expected: "an array") }
      let value = try one.value(in: scope)
      return elements.contains { $0.isEquivalent(to: value) }
    case .less(let one, let other): return try one.number(in: scope, for: "less").compare(to: other.number(in: scope, for: "less")) < 0
    case .greater(let one, let other):
      return try one.number(in: scope, for: "greater").compare(to: other.number(in: scope, for: "greater")) > 0
    case .exists(let one): return try one.value(in: scope) != .null
    case .not(let clause): return try !clause.holds(in: scope)
    case .all(let clauses):
      for clause in clauses where try !clause.holds(in: scope) { return false }
      return true
    case .any(let clauses):
      for clause in clauses where try clause.holds(in: scope) { return true }
      return false
    }
  }
}

extension Template {
  fileprivate func value(in scope: some ExpressionScope) throws(ExpressionError) -> JSON {
    RawJSON(unchecked: try render(in: scope)[...]).parsed()
  }

  fileprivate func number(in scope: some ExpressionScope, for operation: String) throws(ExpressionError) -> JSONNumber {
    let value = try value(in: scope)
    guard let number = value.numberValue else { throw value.notComparable(operation, expected: "two numbers") }
    return number
  }
}

extension JSON {
  fileprivate func notComparable(_ operation: String, expected: String) -> ExpressionError {
    let kind = LocatedValue(offset: 0, content: .scalar(self)).spoken
    return ExpressionError(path: nil, reason: .notComparable(operation: operation, expected: expected, kind: kind))
  }
}

extension Condition: Hashable {
  public static func == (one: Condition, other: Condition) -> Bool { one.source == other.source }
  public func hash(into hasher: inout Hasher) { hasher.combine(source) }
}
