import FoundationEssentials
import Glibc

/// What /proc says of processes.
enum Processes {
  /// The processes that a process started, and that still run.
  static func children(of pid: Int) -> [Int] {
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []  // it may be gone
    return tasks.flatMap { RunningProgram.text("/proc/\(pid)/task/\($0)/children").split(separator: " ").compactMap { Int($0) } }
  }

  /// Whether it runs; one that only waits to be reaped does not.
  static func isAlive(_ pid: Int) -> Bool {
    let status = RunningProgram.text("/proc/\(pid)/status")
    return !status.isEmpty && !status.contains("State:\tZ")
  }

  /// The command lines of the processes in whose command line `text` stands.
  static func mentioning(_ text: String) -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []  // it is always there
    return all.filter { Int($0) != nil }.map { RunningProgram.text("/proc/\($0)/cmdline") }.filter { $0.contains(text) }
  }

  /// The most memory that a process has had, in KiB.
  static func peakKiB(_ pid: Int) -> Int {
    let line = RunningProgram.text("/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return Int(line.split(whereSeparator: { !$0.isNumber }).first ?? "") ?? 0
  }
}
