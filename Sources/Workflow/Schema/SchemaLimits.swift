/// What a schema may cost before it is refused.
public struct SchemaLimits: Sendable, Hashable {
  /// Nesting of subschemas in the document.
  public var maxDepth = 128
  /// Subschemas in the document and what it refers to.
  public var maxSubschemas = 20_000
  /// Subschemas that apply to one and the same value, through `$ref`, `allOf` and their like.
  public var maxPerValue = 10_000
  /// The same, each one through the one before.
  public var maxInRow = 100
  /// Subschemas tried for one value before the check gives up; raised to 200 for each part of a large value.
  public var maxSteps = 200_000
  /// Problems that one check reports.
  public var maxProblems = 1_000
  /// Text of the problems that one check reports, in bytes; one problem may go beyond it.
  public var maxProblemBytes = 1 << 20
  /// Memory of one compiled `pattern`.
  public var maxPatternBytes = 1 << 20

  public init() {}
}
