/// When something happens, as crontab(5) writes it: `30 2 * * MON-FRI`; minute, hour, day of the month, month, day of the week.
///
/// Values, names of months and days, ranges, lists, steps, and `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`. Where both day
/// fields are restricted either of them suffices, as crontab(5) has it.
public struct CronExpression: Sendable, Hashable, CustomStringConvertible {
  /// Why a text is no expression, for a person.
  public struct Fault: Error, Hashable {
    public let message: String
  }

  /// As it was written.
  public let description: String
  let minute: CronField
  let hour: CronField
  let day: CronField
  let month: CronField
  let weekday: CronField

  private static let names = [
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
  ]

  /// - Throws: `Fault` for what cannot be read, and for what never comes, such as 30 February.
  public init(_ text: String) throws(Fault) {
    description = text
    let fields = (Self.names[text.lowercased()] ?? text).split { $0 == " " || $0 == "\t" }
    guard fields.count == 5 else {
      throw Fault(
        message: "expected five fields (minute, hour, day of the month, month, day of the week) or one of "
          + "\(Self.names.keys.sorted().joined(separator: ", ")), found \(fields.count) fields")
    }
    minute = try CronField(fields[0], .minute)
    hour = try CronField(fields[1], .hour)
    day = try CronField(fields[2], .day)
    month = try CronField(fields[3], .month)
    weekday = try CronField(fields[4], .weekday)
    if !day.isWild, weekday.isWild {
      let longest = month.values.map { CivilDate.daysIn(month: $0, of: 2000) }.max() ?? 0
      guard let first = day.values.first, first <= longest else {
        throw Fault(message: "it never comes: no such month has a day \(day.values.first ?? 0)")
      }
    }
  }

  func matches(_ date: CivilDate) -> Bool {
    guard month.matches(date.month) else { return false }
    let (byDay, byWeekday) = (day.matches(date.day), weekday.matches(date.weekday))
    return day.isWild || weekday.isWild ? byDay && byWeekday : byDay || byWeekday
  }

  /// Whether it comes in every hour: then it counts time as it passes, not what the clock shows.
  var isHourly: Bool { hour.values.count == 24 }

  /// Of a day that it matches: minutes since midnight, ascending.
  var minutes: [Int] { hour.values.flatMap { hour in minute.values.map { hour * 60 + $0 } } }
}
