public import Storage
public import Workflow

/// What `weir.http/1` may do beyond what plugins are granted.
public struct HTTPServiceConfiguration: Sendable {
  public var credentials: [String: HTTPCredential]
  /// Where the secrets of credentials stand.
  public var environment: [String: String]
  /// Addresses that may be reached although they are private.
  public var privateAddresses: [NetworkRange]
  /// Where parts of downloads are kept for a task's next attempt; nil: they are not.
  public var partials: String?
  /// Downloads of at least so many bytes are kept.
  public var keepsFrom: UInt64
  public var tries: Storage.RetryPolicy
  public var settings: HTTPSettings

  public init(
    credentials: [String: HTTPCredential] = [:], environment: [String: String] = [:], privateAddresses: [NetworkRange] = [],
    partials: String? = nil
  ) {
    self.credentials = credentials
    self.environment = environment
    self.privateAddresses = privateAddresses
    self.partials = partials
    keepsFrom = 8 << 20
    tries = Storage.RetryPolicy(attempts: 5, base: .milliseconds(500), cap: .seconds(10), patience: .seconds(30))
    settings = HTTPSettings()
  }
}
