import Database
import Foundation

/// Milliseconds of CPU since this was made: of this process, of its runners, and of the whole of PostgreSQL.
///
/// PostgreSQL must run on this machine. Also tells how busy the machine was with what is none of these.
struct CPUMeter {
  struct Used {
    var host = 0.0
    var runners = 0.0
    var postgres = 0.0
    /// The share of all processors that others used.
    var foreign = 0.0

    var total: Double { host + runners + postgres }
  }

  private let server: Int
  private let clock = ContinuousClock.now
  private var start = Used()
  private var busy = 0.0
  private var leftOut: Set<Int> = []

  init(_ database: Database) throws {
    let backend = try database.withConnection { Int($0.backendPID) }
    guard let parent = Self.stat(backend)?.parent else { throw Complaint("PostgreSQL must run on this machine to be metered") }
    server = parent
    start = now()
    busy = Self.busyMilliseconds()
  }

  /// A process that this one started and that does not count.
  mutating func leaveOut(_ pid: Int) { leftOut.insert(pid) }

  func used() -> Used {
    var used = now()
    used.host -= start.host
    used.runners -= start.runners
    used.postgres -= start.postgres
    let wall = (ContinuousClock.now - clock) / .milliseconds(1) * Double(ProcessInfo.processInfo.processorCount)
    used.foreign = max(0, (Self.busyMilliseconds() - busy - used.total) / wall)
    return used
  }

  private func now() -> Used {
    var used = Used(host: Self.usage(RUSAGE_SELF.rawValue), runners: Self.usage(RUSAGE_CHILDREN.rawValue))
    let own = Int(getpid())
    if let postmaster = Self.stat(server) { used.postgres = postmaster.own + postmaster.reaped }
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {  // without /proc nothing is metered
      guard let pid = Int(name), !leftOut.contains(pid), let process = Self.stat(pid) else { continue }
      if process.parent == own { used.runners += Self.exact(pid) ?? process.own }
      if process.parent == server { used.postgres += Self.exact(pid) ?? process.own }
    }
    return used
  }

  private static func usage(_ who: __rusage_who_t) -> Double {
    var usage = rusage()
    getrusage(who, &usage)
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000
  }

  private static let tick = 1000 / Double(sysconf(Int32(_SC_CLK_TCK)))

  private static func stat(_ pid: Int) -> (parent: Int, own: Double, reaped: Double)? {
    guard let text = read("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ").map { Double($0) ?? 0 }
    guard fields.count > 14 else { return nil }
    return (Int(fields[1]), (fields[11] + fields[12]) * tick, (fields[13] + fields[14]) * tick)
  }

  /// Of a process with one thread, to the nanosecond; `stat` counts in ticks of 10 ms.
  private static func exact(_ pid: Int) -> Double? {
    read("/proc/\(pid)/schedstat").flatMap { $0.split(separator: " ").first }.flatMap { Double($0) }.map { $0 / 1e6 }
  }

  /// What all processors together have worked since the start of the machine.
  private static func busyMilliseconds() -> Double {
    let fields = (read("/proc/stat") ?? "").split(separator: "\n").first?.split(separator: " ").compactMap { Double($0) } ?? []
    guard fields.count > 6 else { return 0 }
    return (fields[0] + fields[1] + fields[2] + fields[5] + fields[6]) * tick
  }

  static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 8192)
    let count = fread(&buffer, 1, buffer.count, file)
    return String(decoding: buffer.prefix(count), as: UTF8.self)
  }

  /// The most memory that this process ever had, in MiB.
  static var peakMiB: Double {
    let line = (read("/proc/self/status") ?? "").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first).flatMap { Double($0) }.map { $0 / 1024 } ?? 0
  }
}
