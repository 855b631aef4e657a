/// One attempt at a task, as it is handed to a runner.
public struct TaskCall: Sendable {
  /// The attempt's token; outcomes and service calls carry it back.
  public var token: Int64
  public var jobID: String
  public var stage: String
  /// `JOB/STAGE/N`, the same on every attempt.
  public var taskID: String
  public var handler: String
  /// 1 on the first try.
  public var attempt: Int
  public var attempts: Int
  /// Counted from the moment at which the handler can start, not while the task waits; nil: no limit.
  public var timeout: Duration?
  /// How long it may go on without progress, an item or a call of a service; while a call waits for its answer no time counts.
  public var progressTimeout: Duration?
  /// What the runner's process may use; sampled, and killed above it. 0: no limit.
  public var memoryMB: Int
  public var threads: Int
  /// W3C trace context.
  public var traceparent: String?
  /// The services that the operator granted; log, progress, metric, cancel and checkpoint need no grant.
  public var granted: [String]
  /// A JSON object, valid against the handler's schema.
  public var params: [UInt8]
  /// Calls the handler's `check` instead of its `run`.
  public var isCheck: Bool

  public init(
    token: Int64, jobID: String, stage: String, taskID: String, handler: String, attempt: Int = 1, attempts: Int = 1,
    timeout: Duration? = nil, progressTimeout: Duration? = nil, memoryMB: Int = 0, threads: Int = 1, traceparent: String? = nil,
    granted: [String] = [],
    params: [UInt8] = Array("{}".utf8), isCheck: Bool = false
  ) {
    self.token = token
    self.jobID = jobID
    self.stage = stage
    self.taskID = taskID
    self.handler = handler
    self.attempt = attempt
    self.attempts = attempts
    self.timeout = timeout
    self.progressTimeout = progressTimeout
    self.memoryMB = memoryMB
    self.threads = threads
    self.traceparent = traceparent
    self.granted = granted
    self.params = params
    self.isCheck = isCheck
  }
}
