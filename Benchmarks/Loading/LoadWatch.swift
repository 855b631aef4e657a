import Database
import Foundation
import Synchronization

/// Reads the table again and again while it is swapped, and looks at how much memory runners take.
final class LoadWatch: Sendable {
  private struct State {
    var isEnding = false
    var running = 0
    var memoryKiB = 0
    var longest = 0.0
  }

  private let guest: GuestDatabase
  private let state = Mutex(State())

  init(_ guest: GuestConfiguration) { self.guest = GuestDatabase(guest) }

  func start() {
    for work in [read, lookAtMemory] {
      state.withLock { $0.running += 1 }
      Thread.detachNewThread { [self] in
        while !state.withLock({ $0.isEnding }) { work() }
        state.withLock { $0.running -= 1 }
      }
    }
  }

  /// MiB, and seconds of the longest read.
  func end() -> (memory: Int, longest: Double) {
    state.withLock { $0.isEnding = true }
    while state.withLock({ $0.running }) > 0 { usleep(1000) }
    return state.withLock { ($0.memoryKiB / 1024, $0.longest) }
  }

  private var read: @Sendable () -> Void {
    { [self] in
      let start = ContinuousClock.now
      let isRead = (try? look()) != nil  // the first version is not there yet
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      if isRead { state.withLock { $0.longest = max($0.longest, seconds) } }
      usleep(2000)
    }
  }

  private func look() throws {
    let session = try guest.begin(GuestOptions(access: .readOnly))
    defer { guest.giveBack(session) }
    _ = try session.exec("SELECT site_pid FROM geo.curated_areas LIMIT 1", []) { false }
    try session.end(commits: true) { false }
  }

  private var lookAtMemory: @Sendable () -> Void {
    { [self] in
      let own = getpid()
      let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(own)/task")) ?? []  // it is always there
      var peak = 0
      for task in tasks {
        let children = (try? String(contentsOfFile: "/proc/\(own)/task/\(task)/children", encoding: .utf8)) ?? ""  // the thread may be gone
        for child in children.split(separator: " ") {
          let status = (try? String(contentsOfFile: "/proc/\(child)/status", encoding: .utf8)) ?? ""  // so may the runner
          guard status.contains("weir-runner") else { continue }
          let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
          peak = max(peak, Int(line.split { !$0.isNumber }.first ?? "") ?? 0)
        }
      }
      state.withLock { $0.memoryKiB = max($0.memoryKiB, peak) }
      usleep(50_000)
    }
  }
}
