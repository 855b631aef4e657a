import Database

/// The tasks that are due and those in hand: claim, complete, and what follows from it.
public final class Queue: Sendable {
  let database: Database
  let stages: Stages
  let pauses = LimitPauses()
  /// Tasks whose runners a build may end within an hour before it is quarantined; 0: any number.
  let quarantineAfter: Int

  init(database: Database, stages: Stages, quarantineAfter: Int) {
    self.database = database
    self.stages = stages
    self.quarantineAfter = quarantineAfter
  }
}
