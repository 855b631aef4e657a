/// One place in which a value does not fit its schema.
public struct SchemaProblem: Sendable, Hashable, CustomStringConvertible {
  /// JSON Pointer into the value; for a missing member, of where it should be.
  public let pointer: String
  /// The keyword of the schema that is not met, such as `type`.
  public let keyword: String
  /// What should stand there, as it goes on after "expected": "an integer".
  public let expected: String
  /// What stands there, in short: `"100" (a string)`.
  public let given: String
  /// A likely remedy as a sentence: `Did you mean "copy"?`
  public let suggestion: String?

  public init(pointer: String, keyword: String, expected: String, given: String, suggestion: String? = nil) {
    self.pointer = pointer
    self.keyword = keyword
    self.expected = expected
    self.given = given
    self.suggestion = suggestion
  }

  /// Where, what was expected, what was given, and the suggestion.
  public var message: String {
    let place = pointer.isEmpty ? "the value" : pointer
    let fact = "\(place): expected \(expected), got \(given)."
    return suggestion.map { "\(fact) \($0)" } ?? fact
  }

  public var description: String { message }
}
