/// What a job is asked for with.
public struct Submission: Sendable {
  public var workflow: String
  /// A JSON object, as it was sent.
  public var params: [UInt8]
  /// A job of the workflow with the same key is answered instead of a new one.
  public var dedupKey: String?
  public var priority: Int
  /// Seconds from the epoch; nothing runs before.
  public var notBefore: Double?
  /// Words to find the job by.
  public var labels: [String]
  /// The trace that asks for it, as W3C writes it; what is none is left out.
  public var traceparent: String?

  public init(
    workflow: String, params: [UInt8], dedupKey: String? = nil, priority: Int = 0, notBefore: Double? = nil,
    labels: [String] = [], traceparent: String? = nil
  ) {
    self.workflow = workflow
    self.params = params
    self.dedupKey = dedupKey
    self.priority = priority
    self.notBefore = notBefore
    self.labels = labels
    self.traceparent = traceparent
  }
}

/// What a submission led to.
public struct Submitted: Sendable, Hashable {
  public var jobID: Int64
  /// False: a job with the same `dedup_key` was there already.
  public var isNew: Bool
}
