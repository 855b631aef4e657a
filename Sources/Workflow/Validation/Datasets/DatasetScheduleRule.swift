/// A schedule has the form of cron, five fields, and a time that comes; a time zone has the form of one.
struct DatasetScheduleRule: DatasetRule {
  let id = "dataset-schedule"

  func problems(in dataset: DatasetDefinition, source: ManifestSource) -> [Problem] {
    schedule(of: dataset, source) + zone(of: dataset, source)
  }

  private func schedule(of dataset: DatasetDefinition, _ source: ManifestSource) -> [Problem] {
    guard let schedule = dataset.updateSchedule else { return [] }
    let fields = schedule.split(separator: " ", omittingEmptySubsequences: false)
    let isCron = fields.count == 5 && schedule.utf8.count <= 50 && fields.allSatisfy(Self.isField)
    if isCron {
      do throws(CronExpression.Fault) { _ = try CronExpression(schedule) } catch {
        return [source.problem(at: ManifestPath()["update_schedule"], "\"\(schedule)\": \(error.message).", hint: nil)]
      }
      return []
    }
    return [
      source.problem(
        at: ManifestPath()["update_schedule"], "\"\(schedule)\" is not a schedule.",
        hint: "Write minute, hour, day, month and weekday as cron has them, such as \"0 2 1 * *\".")
    ]
  }

  private func zone(of dataset: DatasetDefinition, _ source: ManifestSource) -> [Problem] {
    guard let zone = dataset.updateZone else { return [] }
    let isZone =
      (1...64).contains(zone.utf8.count)
      && zone.unicodeScalars.allSatisfy { $0.properties.isAlphabetic && $0.isASCII || "0123456789+-_/".unicodeScalars.contains($0) }
    guard !isZone else { return [] }
    return [
      source.problem(at: ManifestPath()["update_zone"], "\"\(zone)\" is not a time zone.", hint: "Write a name such as Europe/Zurich.")
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
