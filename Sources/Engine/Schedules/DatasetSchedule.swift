import Database
import Workflow

/// What keeps a dataset current: a schedule among the others, made, changed, turned off and removed with the dataset.
enum DatasetSchedule {
  /// No schedule that somebody names begins so.
  static let prefix = "dataset."
  /// When the source of a dataset is looked at that has no schedule of its own, in UTC.
  static let usual = "0 2 * * *"

  /// The dataset that a schedule keeps current; nil: it is an ordinary one.
  static func dataset(of schedule: String) -> String? {
    schedule.hasPrefix(prefix) ? String(schedule.dropFirst(prefix.count)) : nil
  }

  /// Nil: its source is not looked at by itself.
  /// - Throws: `.invalidDataset` for a time zone that this machine does not know.
  static func settings(of dataset: DatasetDefinition) throws -> ScheduleSettings? {
    guard dataset.sourceType != .manual || dataset.updateSchedule != nil else { return nil }
    do {
      let settings = try ScheduleSettings(
        [
          "workflow": .string(dataset.jobType), "cron": .string(dataset.updateSchedule ?? usual),
          "zone": .string(dataset.updateZone ?? "UTC"), "dataset": .string(dataset.id),
        ], isStored: true)
      _ = try settings.timetable()
      return settings
    } catch let fault as ScheduleSettings.Fault {
      throw refusal(dataset, "update_schedule", fault.message)
    } catch let fault as TimeZoneRules.Fault {
      throw refusal(dataset, "update_zone", fault.message)
    }
  }

  private static func refusal(_ dataset: DatasetDefinition, _ path: String, _ message: String) -> EngineError {
    EngineError(
      .invalidDataset([Problem(file: "dataset \(dataset.id)", path: path, message: "\(message).", hint: nil)]), subject: dataset.id)
  }

  /// Makes the schedule what the dataset says, in the transaction that changes the dataset. What a change skips is skipped.
  static func set(_ dataset: DatasetDefinition, by actor: Actor, in tx: Transaction) throws {
    let name = prefix + dataset.id
    guard let settings = try settings(of: dataset) else { return try remove(dataset.id, in: tx) }
    let now = try Schedules.now(in: tx)
    let next = dataset.isEnabled ? try settings.timetable().next(after: now).map { Double($0.at) } : nil
    try tx.execute(
      """
      INSERT INTO schedules AS s (name, settings, changed_by, decided_through, next_at)
      VALUES (\(name), \(settings.json.serialized()), \(actor.name), to_timestamp(\(Double(now))), to_timestamp(\(next)))
      ON CONFLICT (name) DO UPDATE SET settings = excluded.settings, changed_by = excluded.changed_by, changed_at = now(),
          decided_through = greatest(s.decided_through, excluded.decided_through), next_at = excluded.next_at,
          generation = s.generation + 1
      WHERE s.settings <> excluded.settings OR (s.next_at IS NULL) <> (excluded.next_at IS NULL)
      """)
  }

  static func remove(_ dataset: String, in tx: Transaction) throws {
    try tx.execute("DELETE FROM schedules WHERE name = \(prefix + dataset)")
  }
}
