/// Why an expression gave no value when a task's params were made.
public struct ExpressionError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Reason: Sendable, Hashable {
    /// The scope has no such root or stage: `item` outside a fan-out.
    case notInReach
    /// A part of the path is of a kind that has no such part.
    case wrongKind(at: ExpressionPath, kind: String)
    /// A string is made of several parts and this one is null or not there.
    case nullInText
    /// A condition compares what has no order, or looks inside what is no array.
    case notComparable(operation: String, expected: String, kind: String)
  }

  /// Nil for a condition's operation.
  public let path: ExpressionPath?
  public let reason: Reason

  public init(path: ExpressionPath?, reason: Reason) {
    self.path = path
    self.reason = reason
  }

  public var message: String {
    let subject = path.map { "${\($0)}" } ?? ""
    switch reason {
    case .notInReach: return "\(subject) cannot be read here."
    case .wrongKind(let place, let kind): return "\(subject): \(place) is \(kind)."
    case .nullInText: return "\(subject) has no value, and the string around it needs one."
    case .notComparable(let operation, let expected, let kind): return "\"\(operation)\" needs \(expected), got \(kind)."
    }
  }

  public var description: String { message }
}
