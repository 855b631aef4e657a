import Database
import Synchronization
import TestSupport
import Workflow

/// Reads a table of countries again and again, and keeps what was no whole version: each has the release in every row, and 100 rows and
/// ten for each release before it and for itself.
final class VersionReader: Sendable {
  struct Seen: Sendable {
    var reads = 0
    var releases: Set<String> = []
    var broken: [String] = []
  }

  private struct State {
    var seen = Seen()
    var isEnding = false
    var hasEnded = true
  }

  private let guest: GuestDatabase
  private let state = Mutex(State())

  init(_ guest: GuestConfiguration) { self.guest = GuestDatabase(guest) }

  func start() {
    state.withLock { $0.hasEnded = false }
    startThread { [self] in
      while !state.withLock({ $0.isEnding }) {
        let found: String
        do { found = try look() } catch { found = "failed: \(error)" }
        state.withLock { state in
          state.seen.reads += 1
          let parts = found.split(separator: "/").map(String.init)
          if parts.count == 3, parts[1] == parts[2], let release = Int(parts[1]), parts[0] == "\(100 + release * 10)" {
            state.seen.releases.insert(parts[1])
          } else {
            state.seen.broken.append(found)
          }
        }
      }
      state.withLock { $0.hasEnded = true }
    }
  }

  func end() -> Seen {
    state.withLock { $0.isEnding = true }
    until { state.withLock { $0.hasEnded } }
    return state.withLock { $0.seen }
  }

  /// Rows, and the first and the last release among them.
  private func look() throws -> String {
    let session = try guest.begin(GuestOptions(access: .readOnly))
    defer { guest.giveBack(session) }
    let answer = try session.exec(
      """
      SELECT format('%s/%s/%s', count(*), min(substring(name FROM 'of (.*)')::int), max(substring(name FROM 'of (.*)')::int))
      FROM geo.curated_admin0
      """, []
    ) { false }
    try session.end(commits: true) { false }
    return try JSON(parsing: answer.json)["rows"]?.arrayValue?.first?.arrayValue?.first?.stringValue ?? "nothing"
  }
}
