import FoundationEssentials
import Synchronization
import Workflow

/// The machine's time zones, by name; each is read once.
enum TimeZones {
  static let folder = "/usr/share/zoneinfo"

  private static let known = Mutex<[String: TimeZoneRules]>(["UTC": .utc])

  /// - Throws: `TimeZoneRules.Fault` for a name that is none.
  static func named(_ name: String) throws(TimeZoneRules.Fault) -> TimeZoneRules {
    if let rules = known.withLock({ $0[name] }) { return rules }
    let isName =
      name.utf8.count <= 64
      && !name.split(separator: "/", omittingEmptySubsequences: false).contains { part in
        part.isEmpty || part.first == "." || !part.utf8.allSatisfy(isNameByte)
      }
    guard isName, let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)"), bytes.starts(with: Array("TZif".utf8)) else {
      throw TimeZoneRules.Fault(message: "there is no time zone \"\(name)\"; names are such as Europe/Zurich, in the package tzdata")
    }
    let rules = try TimeZoneRules(name: name, tzif: Array(bytes))
    known.withLock { $0[name] = rules }
    return rules
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || [0x2B, 0x2D, 0x5F].contains(byte)
  }
}

extension ScheduleSettings {
  /// - Throws: `TimeZoneRules.Fault` for a zone that this machine does not know.
  func timetable() throws(TimeZoneRules.Fault) -> Timetable {
    Timetable(cron, zone: try TimeZones.named(zone), gap: gap, repeats: repeats)
  }
}
