public import Runners
public import Workflow

/// A handler that this host can call: its library, and how it is to be run.
public struct HostedHandler: Sendable {
  public var name: String
  /// The handler's own.
  public var version: String
  /// The plugin's id.
  public var plugin: String
  public var pluginVersion: String
  public var build: RunnerBuild
  public var grants: Grants
  public var timeout: Duration
  public var queueTimeout: Duration?
  public var progressTimeout: Duration?
  public var retry: RetryPolicy
  public var memoryMB: Int
  public var threads: Int
  public var isIdempotent: Bool
  /// What one task holds of named resources, by name.
  public var resources: [String: Int]
  /// The services that the handler declares and the operator granted.
  public var services: [String]
  public var params: Schema
  public var result: Schema?
  /// Nil: it emits no items.
  public var item: Schema?
  /// The metrics that the plugin's manifest declares, by name.
  public var metrics: [String: MetricDeclaration.Aggregate]

  func decision(_ stage: StageDefinition) -> RetryDecision {
    let policy = stage.retry ?? retry
    return RetryDecision(
      attempts: policy.attempts, backoff: policy.backoff, cap: policy.cap, isIdempotent: isIdempotent)
  }
}
