/// What a chunk holds.
public enum ItemKind: Int, Sendable {
  /// Items that a task emitted.
  case item = 0
  /// Elements that it could not process: `{"subject","code","message","details"}`.
  case reject = 1
  /// The elements of the array that a stage fans out over.
  case element = 2
}
