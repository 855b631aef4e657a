import Foundation

/// Where and when it was measured.
struct Place {
  let date: Date
  let minutes: Double
  let postgres: String
  let loadBefore: String
  let loadAfter: String

  var text: String {
    let format = DateFormatter()
    format.dateFormat = "yyyy-MM-dd HH:mm 'UTC'"
    format.timeZone = TimeZone(identifier: "UTC")
    let model = (CPUMeter.read("/proc/cpuinfo") ?? "").split(separator: "\n").first { $0.hasPrefix("model name") }
    let processor = model.flatMap { $0.split(separator: ":").last }.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
    return """
      \(format.string(from: date)), \(minutes.text(0)) minutes; \(ProcessInfo.processInfo.processorCount) processors (\(processor)); \
      PostgreSQL \(postgres), fsync on, no setting changed for anybody; load average \(loadBefore) before, \(loadAfter) after.
      """
  }
}
