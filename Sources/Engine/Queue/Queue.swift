import Database

/// The tasks that are due and those in hand: claim, complete, and what follows from it.
public final class Queue: Sendable {
  let database: Database
  let stages: Stages
  let pauses = LimitPauses()

  init(database: Database, stages: Stages) {
    self.database = database
    self.stages = stages
  }
}
