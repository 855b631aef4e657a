/// The values that expressions read.
public protocol ExpressionScope {
  /// The value at a path, nil when it is not there: an optional parameter that was not given.
  func value(at path: ExpressionPath) throws(ExpressionError) -> RawJSON?
}
