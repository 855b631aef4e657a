import Database

/// The jobs: submit, cancel, promote, read.
public final class Jobs: Sendable {
  let database: Database
  let stages: Stages

  init(database: Database, stages: Stages) {
    self.database = database
    self.stages = stages
  }
}
