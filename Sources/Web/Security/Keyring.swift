import Engine
import Synchronization
import Workflow

/// Knows whom a token or a session stands for: asks the database, and remembers the answer for a moment.
///
/// Only what opens something is remembered, and only by its hash. What was revoked at another host, or in the database,
/// opens nothing any more when the memory of it ends.
final class Keyring: Sendable {
  static let memory: Duration = .seconds(2)
  private static let mostRemembered = 1_000

  private struct Remembered {
    var identity: Identity
    var until: ContinuousClock.Instant
  }

  private struct State {
    var identities: [[UInt8]: Remembered] = [:]
    var isOpen: (answer: Bool, until: ContinuousClock.Instant)?
  }

  let sessions: Sessions
  private let tokens: Tokens
  private let configured: String?
  private let isLoopback: Bool
  private let threads: BlockingThreads
  private let state = Mutex(State())

  init(_ parts: WebServer.Parts, threads: BlockingThreads) {
    tokens = parts.engine.tokens
    sessions = parts.engine.sessions
    configured = parts.token
    isLoopback = parts.address.isLoopback
    self.threads = threads
  }

  /// Whether nobody needs a token: only this machine can come, and there is none.
  func isOpen() async throws -> Bool {
    guard configured == nil, isLoopback else { return false }
    if let known = state.withLock({ $0.isOpen }), known.until > .now { return known.answer }
    let answer = try await threads.perform { [tokens] in try !tokens.isAnyActive() }
    state.withLock { $0.isOpen = (answer, .now + Self.memory) }
    return answer
  }

  /// - Returns: nil when the token is unknown, expired or revoked.
  func identity(token: String) async throws -> Identity? {
    let hash = SecretText.hash(token)
    if let configured, SecretText.isEqual(hash, SecretText.hash(configured)) { return .configured }
    return try await remembering(hash) { [tokens] in try tokens.find(token) }
  }

  /// - Returns: nil when the session is unknown, or it or its token has ended.
  func identity(session: String) async throws -> Identity? {
    try await remembering(SecretText.hash(session)) { [sessions, configured] in try sessions.find(session, configured: configured) }
  }

  /// Begins a session; answers what the cookie is to hold.
  func begin(_ identity: Identity) async throws -> String {
    try await threads.perform { [sessions, configured] in
      try sessions.begin(for: identity, configured: configured, lifetime: SessionCookie.lifetime).text
    }
  }

  /// Ends the session that somebody came with.
  func end(_ identity: Identity, via: Actor.Via) async throws {
    guard let session = identity.sessionID else { return }
    try await threads.perform { [sessions] in
      do {
        try sessions.end(session, by: Actor(name: identity.name, role: identity.role, via: via))
      } catch let error as AccessError where error.code == .noSession {
        // it has ended meanwhile, which is what was asked for
      }
    }
    forget()
  }

  /// After a token or session was changed here.
  func forget() {
    state.withLock { $0 = State() }
  }

  private func remembering(_ hash: [UInt8], _ find: @escaping @Sendable () throws -> Identity?) async throws -> Identity? {
    if let known = state.withLock({ $0.identities[hash] }), known.until > .now { return known.identity }
    guard let identity = try await threads.perform(find) else { return nil }
    state.withLock { state in
      if state.identities.count >= Self.mostRemembered { state.identities.removeAll() }
      state.identities[hash] = Remembered(identity: identity, until: .now + Self.memory)
    }
    return identity
  }
}
