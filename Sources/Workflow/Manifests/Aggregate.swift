/// How the values of one member of the tasks' results become one value of the stage.
public enum Aggregate: String, Sendable, Hashable, CaseIterable {
  /// 0 when no task gave a value.
  case sum
  /// Null when no task gave a value.
  case min
  /// Null when no task gave a value.
  case max
  /// How many tasks gave a value that is not null.
  case count
}
