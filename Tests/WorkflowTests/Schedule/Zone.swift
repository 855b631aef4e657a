import Glibc
@testable import Workflow

/// Time zones of this machine, and moments written as RFC 3339 has them.
enum Zone {
  static func named(_ name: String) throws -> TimeZoneRules { try TimeZoneRules(name: name, tzif: bytes(name)) }

  static func bytes(_ name: String) throws -> [UInt8] {
    guard let file = fopen("/usr/share/zoneinfo/\(name)", "r") else { throw TimeZoneRules.Fault(message: "there is no zone \(name)") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    return bytes
  }

  /// `2020-03-08T01:59-08:00` as seconds since 1970.
  static func time(_ text: String) -> Int64 {
    let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
    let sign = text.dropFirst(16).first == "-" ? -1 : 1
    let offset = numbers.count > 5 ? sign * (numbers[5] * 60 + numbers[6]) : 0
    return Int64(
      CivilDate(year: numbers[0], month: numbers[1], day: numbers[2]).days * 86_400 + (numbers[3] * 60 + numbers[4] - offset) * 60)
  }

  /// The other way, as a clock there shows it.
  static func text(_ time: Int64, _ zone: TimeZoneRules) -> String {
    let offset = zone.offset(at: time)
    let local = Int(time) + offset
    let day = CivilDate(days: local >= 0 ? local / 86_400 : (local - 86_399) / 86_400)
    let seconds = local - day.days * 86_400
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let minutes = abs(offset) / 60
    return "\(day.year)-\(two(day.month))-\(two(day.day))T\(two(seconds / 3600)):\(two(seconds / 60 % 60))"
      + "\(offset < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
  }
}
