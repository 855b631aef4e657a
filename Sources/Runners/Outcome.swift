public import Workflow

/// How one attempt ended, and what it left.
public struct Outcome: Sendable {
  public enum Kind: Sendable, Equatable {
    /// `run` returned `WEIR_OK`.
    case completed
    /// `run` returned another status; its class is `status / 100`.
    case failed(status: Int32)
    /// A signal ended the runner while it had the task in hand.
    case crashed(signal: Int32)
    /// The runner left while it had the task in hand.
    case exited(code: Int32)
    /// The deadline passed. The handler stopped when told, or its runner was killed: see `endedRunner`.
    case timedOut
    /// The runner used more memory than the task may, and was killed.
    case memory
    /// What the runner sent breaks the protocol; it was killed.
    case protocolBroken(String)
    /// The library could not be loaded.
    case refused(String)
    /// Cancelled by a person, and stopped or killed.
    case cancelled
    /// The task was in hand when its host stopped or gave up its lease: uses up no attempt.
    case lost
    /// The task never started: uses up no attempt.
    case returned
  }

  public var token: Int64
  public var kind: Kind
  /// For `failed` what the handler said; for all others the plugin, handler, task and cause in one sentence.
  public var message: String
  /// What the handler added to its failure, such as `{"pointer":"/bbox/0"}`.
  public var details: RawJSON?
  /// The service call behind the failure: `{"call","status","message",...}`.
  public var lastError: RawJSON?
  public var result: RawJSON?
  /// An array of `{"name","value","labels"}`.
  public var metrics: RawJSON?
  /// Items and rejects that were not sent by `emitted` before, NDJSON.
  public var items: [UInt8] = []
  public var itemCount = 0
  public var rejects: [UInt8] = []
  public var rejectCount = 0
  /// The attempt ended its runner: counts for the poison rule.
  public var endedRunner = false
  /// User and system time of the runner for this attempt.
  public var cpu: Duration = .zero
  public var peakMemoryKB = 0
  /// From the start of `run` to its end, or to the kill.
  public var wall: Duration = .zero

  init(token: Int64, kind: Kind, message: String) {
    self.token = token
    self.kind = kind
    self.message = message
  }

  /// The same as a metric label and in tables: `completed`, `failed`, `crashed`, ...
  public var name: String {
    switch kind {
    case .completed: "completed"
    case .failed: "failed"
    case .crashed: "crashed"
    case .exited: "exited"
    case .timedOut: "timeout"
    case .memory: "memory"
    case .protocolBroken: "protocol"
    case .refused: "refused"
    case .cancelled: "cancelled"
    case .lost: "lost"
    case .returned: "returned"
    }
  }
}
