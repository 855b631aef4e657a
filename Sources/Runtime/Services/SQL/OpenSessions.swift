import Database
import Synchronization

/// The sessions that attempts have open, by attempt and number. One thread at a time uses one.
final class OpenSessions: Sendable {
  struct Session: Sendable {
    let session: GuestSession
    let database: SQLDatabase
  }

  private struct Entry {
    var session: Session
    var isInUse = false
    /// The attempt has ended: who uses it gives it back.
    var isDoomed = false
  }

  /// Why a session cannot be used.
  enum Refusal: Error {
    case unknown, inUse
  }

  private struct State {
    var entries: [Int64: [UInt64: Entry]] = [:]
    var next: UInt64 = 1
  }

  private let state = Mutex(State())

  func add(_ session: Session, of token: Int64) -> UInt64 {
    state.withLock { state in
      defer { state.next += 1 }
      state.entries[token, default: [:]][state.next] = Entry(session: session)
      return state.next
    }
  }

  /// For the caller alone until `putBack` or `take`.
  func use(_ number: UInt64, of token: Int64) throws(Refusal) -> Session {
    let found = state.withLock { state -> Result<Session, Refusal> in
      guard let entry = state.entries[token]?[number], !entry.isDoomed else { return .failure(.unknown) }
      if entry.isInUse { return .failure(.inUse) }
      state.entries[token]?[number]?.isInUse = true
      return .success(entry.session)
    }
    return try found.get()
  }

  /// - Returns: the session if its attempt has ended meanwhile: it is the caller's to give back.
  func putBack(_ number: UInt64, of token: Int64) -> Session? {
    state.withLock { state in
      guard let entry = state.entries[token]?[number] else { return nil }
      if entry.isDoomed { return remove(number, token, &state) }
      state.entries[token]?[number]?.isInUse = false
      return nil
    }
  }

  /// Removes a session, in use by the caller or by nobody.
  @discardableResult
  func take(_ number: UInt64, of token: Int64) -> Session? {
    state.withLock { state in remove(number, token, &state) }
  }

  /// The attempt has ended.
  /// - Returns: its sessions that nobody uses: they are the caller's to give back.
  func end(_ token: Int64) -> [Session] {
    state.withLock { state in
      let entries = state.entries[token] ?? [:]
      let free = entries.filter { !$0.value.isInUse }
      for number in free.keys { _ = remove(number, token, &state) }
      for number in entries.keys where entries[number]?.isInUse == true { state.entries[token]?[number]?.isDoomed = true }
      return free.values.map(\.session)
    }
  }

  private func remove(_ number: UInt64, _ token: Int64, _ state: inout State) -> Session? {
    let session = state.entries[token]?.removeValue(forKey: number)?.session
    if state.entries[token]?.isEmpty == true { state.entries[token] = nil }
    return session
  }
}
