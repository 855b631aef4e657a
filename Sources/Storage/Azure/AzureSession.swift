internal import struct FoundationEssentials.Date
internal import Synchronization

/// One account at one endpoint: its connections, its clock, its credential. All its containers share it.
final class AzureSession: Sendable {
  /// Less than the service bears, which is 15 minutes, and more than a slow answer explains.
  private static let noticeable = 60.0

  let http: HTTPClient
  let retry: RetryPolicy
  /// Of what is copied block by block.
  let copyBlockBytes: UInt64
  private let credential: Credential?
  private let now: @Sendable () -> Date
  /// What the service's clock is ahead of ours, in seconds.
  private let ahead = Mutex(0.0)

  /// `credential` nil: requests are not signed, as for public containers.
  init(
    credential: Credential?, settings: HTTPSettings = HTTPSettings(), retry: RetryPolicy = RetryPolicy(), copyBlockBytes: UInt64 = 64 << 20,
    now: @escaping @Sendable () -> Date = { Date() }
  ) {
    http = HTTPClient(settings)
    self.credential = credential
    self.retry = retry
    self.copyBlockBytes = copyBlockBytes
    self.now = now
  }

  /// What requests are signed with now.
  func access() throws(StorageError) -> AzureAccess { try AzureAccess(credential) }

  /// The service's time as far as it is known: ours, until a refusal shows that ours is off.
  var time: Date { now().addingTimeInterval(ahead.withLock { $0 }) }

  /// Takes over the time at which the service refused; answers whether that is news.
  func learnClock(_ head: HTTPHead) -> Bool {
    guard let date = head["date"].flatMap(HTTPDate.parse) else { return false }
    let found = date.timeIntervalSince(now())
    return ahead.withLock { ahead in
      guard abs(found - ahead) > Self.noticeable else { return false }
      ahead = found
      return true
    }
  }
}
