/// What the operator sets for one handler of a plugin; nil is the library's own value or the host's.
public struct HandlerSettings: Sendable, Hashable {
  /// `family.verb`.
  public var name: String
  public var title: String?
  public var timeout: Duration?
  public var queueTimeout: Duration?
  public var progressTimeout: Duration?
  public var retry: RetryPolicy?
  /// Bytes that one task may use.
  public var memory: Int?
  public var threads: Int?
  /// What one task holds of named resources while it runs, by name; limits count it.
  public var resources: [String: Int]

  public init(
    name: String, title: String? = nil, timeout: Duration? = nil, queueTimeout: Duration? = nil,
    progressTimeout: Duration? = nil, retry: RetryPolicy? = nil, memory: Int? = nil,
    threads: Int? = nil, resources: [String: Int] = [:]
  ) {
    self.name = name
    self.title = title
    self.timeout = timeout
    self.queueTimeout = queueTimeout
    self.progressTimeout = progressTimeout
    self.retry = retry
    self.memory = memory
    self.threads = threads
    self.resources = resources
  }

  public var json: JSON {
    var object = JSONObject()
    if let title { object.append("title", .string(title)) }
    if let timeout { object.append("timeout", .string(DurationText.text(of: timeout))) }
    if let queueTimeout { object.append("queue_timeout", .string(DurationText.text(of: queueTimeout))) }
    if let progressTimeout { object.append("progress_timeout", .string(DurationText.text(of: progressTimeout))) }
    if let memory { object.append("memory", .string(SizeText.text(of: memory))) }
    if let threads { object.append("threads", .number(JSONNumber(threads))) }
    if !resources.isEmpty { object.append("resources", ResourceWeights.json(resources)) }
    if let retry { object.append("retry", retry.json) }
    return .object(object)
  }
}
