import Database

/// The jobs: submit, cancel, promote, read.
public final class Jobs: Sendable {
  let database: Database
  let stages: Stages

  static let mostLabels = 32
  /// All labels of a job; an older host may have written the one of `label`.
  static let labels: SQL = "(labels || array_remove(ARRAY[label], NULL))"

  init(database: Database, stages: Stages) {
    self.database = database
    self.stages = stages
  }
}
