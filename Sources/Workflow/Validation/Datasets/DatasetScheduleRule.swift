/// A schedule has the form of cron: five fields.
struct DatasetScheduleRule: DatasetRule {
  let id = "dataset-schedule"

  func problems(in dataset: DatasetDefinition, source: ManifestSource) -> [Problem] {
    guard let schedule = dataset.updateSchedule else { return [] }
    let fields = schedule.split(separator: " ", omittingEmptySubsequences: false)
    let isCron = fields.count == 5 && schedule.utf8.count <= 50 && fields.allSatisfy(Self.isField)
    guard !isCron else { return [] }
    return [
      source.problem(
        at: ManifestPath()["update_schedule"], "\"\(schedule)\" is not a schedule.",
        hint: "Write minute, hour, day, month and weekday as cron has them, such as \"0 2 1 * *\".")
    ]
  }

  private static func isField(_ field: Substring) -> Bool {
    !field.isEmpty
      && field.utf8.allSatisfy { byte in
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
          || "*,-/".utf8.contains(byte)
      }
  }
}
