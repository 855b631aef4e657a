import Foundation

/// The trials, and what they say.
struct CopyTable {
  private struct Cell: Hashable {
    let contender: Contender
    let way: CopyWay
    let set: ObjectSet
  }

  private let rounds: Int
  private let start = Date()
  private var trials: [Cell: [CopyTrial]] = [:]
  private var rows: [(way: CopyWay, set: ObjectSet)] = []

  init(rounds: Int) { self.rounds = rounds }

  mutating func add(_ trial: CopyTrial, _ contender: Contender, _ way: CopyWay, _ set: ObjectSet) {
    if !rows.contains(where: { $0.way == way && $0.set == set }) { rows.append((way, set)) }
    trials[Cell(contender: contender, way: way, set: set), default: []].append(trial)
    let speed = Self.speed(trial.seconds, set)
    FileHandle.standardError.write(
      Data("\(set.text), \(way.rawValue), \(contender.rawValue): \(String(format: "%.2f", trial.seconds)) s, \(speed)\n".utf8))
  }

  var text: String {
    var lines = [head, "", "| copy | program | rate: median (least-most) | CPU s of the program | Weir is |", "|---|---|---|---|---|"]
    for (way, set) in rows {
      let weir = median(.weir, way, set).seconds
      for contender in Contender.allCases {
        let own = median(contender, way, set)
        let all = (trials[Cell(contender: contender, way: way, set: set)] ?? []).map(\.seconds).sorted()
        let span = "\(Self.rate(own.seconds, set)) (\(Self.rate(all.last ?? 0, set))-\(Self.rate(all.first ?? 0, set))) \(Self.unit(set))"
        let ratio = contender == .weir ? "" : String(format: "%.2f times as fast", own.seconds / weir)
        lines.append("| \(set.text), \(way.rawValue) | \(contender.rawValue) | \(span) | \(String(format: "%.1f", own.cpu)) | \(ratio) |")
      }
    }
    return (lines + [""] + rows.map { aim($0.way, $0.set) }).joined(separator: "\n")
  }

  private func aim(_ way: CopyWay, _ set: ObjectSet) -> String {
    let weir = median(.weir, way, set).seconds
    let rivals: [Contender] = set.name == "small" ? [.rclone, .rclone32] : [.rclone, .rclone32, .aws]
    let best = rivals.map { median($0, way, set).seconds }.min() ?? 0
    let aim = set.name == "small" ? 1.5 : 1.0
    let whom = set.name == "small" ? "the better rclone" : "the best of rclone and aws"
    return "\(set.text), \(way.rawValue): Weir / \(whom) = \(String(format: "%.2f", best / weir)), the aim is \(aim)"
  }

  private var head: String {
    let format = DateFormatter()
    format.dateFormat = "yyyy-MM-dd HH:mm 'UTC'"
    format.timeZone = TimeZone(identifier: "UTC")
    let load = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""  // only Linux has it
    return
      "\(format.string(from: start)), \(ProcessInfo.processInfo.processorCount) processors, \(rounds) rounds; "
      + "radosgw with its objects in memory, on the same machine; load average at the end \(load.split(separator: " ").first ?? "?")"
  }

  private func median(_ contender: Contender, _ way: CopyWay, _ set: ObjectSet) -> CopyTrial {
    let all = (trials[Cell(contender: contender, way: way, set: set)] ?? []).sorted { $0.seconds < $1.seconds }
    return all.isEmpty ? CopyTrial(seconds: 0, cpu: 0) : all[all.count / 2]
  }

  private static func unit(_ set: ObjectSet) -> String { set.name == "small" ? "objects/s" : "MB/s" }

  private static func rate(_ seconds: Double, _ set: ObjectSet) -> String {
    let amount = set.name == "small" ? Double(set.count) : Double(set.count * set.bytes) / 1e6
    return String(format: "%.0f", amount / seconds)
  }

  private static func speed(_ seconds: Double, _ set: ObjectSet) -> String { rate(seconds, set) + " " + unit(set) }
}
