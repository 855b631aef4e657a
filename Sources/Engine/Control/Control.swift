import Database

/// What an operator does to jobs: pause, resume, cancel, retry, rerun, adjust. Each leaves an audit row in its own transaction.
public final class Control: Sendable {
  let database: Database
  let stages: Stages

  init(database: Database, stages: Stages) {
    self.database = database
    self.stages = stages
  }
}
