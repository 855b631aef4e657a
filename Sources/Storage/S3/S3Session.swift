internal import Glibc
internal import Synchronization
internal import struct FoundationEssentials.Date

/// One account at one endpoint: its connections, its clock, its credential. All its containers share it.
final class S3Session: Sendable {
  let endpoint: String
  let region: String
  let client: HTTPClient
  let retry: RetryPolicy
  let sizes: S3Sizes
  /// Nil: requests are not signed, as for public buckets.
  private let credential: Credential?
  private let now: @Sendable () -> Date
  private let state = Mutex(State())

  private struct State {
    /// What the server's clock is ahead of ours, in seconds.
    var ahead = 0.0
    /// Buckets that have answered.
    var buckets: Set<String> = []
    /// What the store has said it cannot do.
    var refused: Set<Ability> = []
  }

  /// What some stores can do and others answer 501 to.
  enum Ability: Sendable { case createOnly, matchOnly }

  init(
    endpoint: String, region: String, credential: Credential?, settings: HTTPSettings = HTTPSettings(), retry: RetryPolicy = RetryPolicy(),
    sizes: S3Sizes = S3Sizes(), now: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.endpoint = endpoint
    self.region = region
    self.credential = credential
    client = HTTPClient(settings)
    self.retry = retry
    self.sizes = sizes
    self.now = now
  }

  func identity() throws(StorageError) -> S3Identity? {
    guard let credential else { return nil }
    return try S3Identity(credential)
  }

  /// The server's time as far as it is known.
  var date: Date { now().addingTimeInterval(state.withLock { $0.ahead }) }

  /// Learns the server's clock from an answer; true if ours was off by more than a minute, so that a signature may count now.
  func learnClock(_ head: HTTPHead) -> Bool {
    guard let theirs = head["date"].flatMap(HTTPDate.parse) else { return false }
    let ahead = theirs.timeIntervalSince(now())
    return state.withLock { state in
      guard abs(ahead - state.ahead) > 60 else { return false }
      state.ahead = ahead
      return true
    }
  }

  func isKnown(bucket: String) -> Bool { state.withLock { $0.buckets.contains(bucket) } }
  func know(bucket: String) { state.withLock { _ = $0.buckets.insert(bucket) } }
  func forget(bucket: String) { state.withLock { _ = $0.buckets.remove(bucket) } }

  func can(_ ability: Ability) -> Bool { state.withLock { !$0.refused.contains(ability) } }
  func cannot(_ ability: Ability) { state.withLock { _ = $0.refused.insert(ability) } }

  /// Waits, and ends at once when nobody wants the result any more; false then.
  func pause(_ wait: Duration, _ cancel: Cancellation) -> Bool {
    let end = ContinuousClock.now + wait
    while true {
      if cancel.isCancelled { return false }
      let left = end - .now
      guard left > .zero else { return true }
      poll(nil, 0, Int32(min(left, .milliseconds(50)).milliseconds))
    }
  }
}

extension S3Session {
  /// The session of an account as the configuration has it.
  /// - Throws: `.invalid` when there is no credential of that name; what is in it shows when it is used.
  convenience init(_ account: S3URL.Account, _ credentials: Credentials, container: String) throws(StorageError) {
    let credential = try credentials.find(account.credentials, for: container)
    var settings = HTTPSettings()
    settings.caFile = account.caFile
    self.init(endpoint: account.endpoint, region: account.region, credential: credential, settings: settings)
  }
}
