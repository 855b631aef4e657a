/// What a server answered.
public struct HTTPAnswer: Sendable {
  public let status: Int
  /// By name in lower case; what came more than once is joined with ", ".
  public let headers: [String: String]
  /// After redirects.
  public let url: String
  /// Empty where the answer went into an object.
  public let body: [UInt8]
  /// The object that a download wrote; nil for 304 and for an answer that wrote none.
  public let object: ObjectHead?
  /// Why the host takes it for no success; nil for 2xx and 304.
  public let failure: HandlerError?

  init(_ head: JSONText, body: [UInt8], failure: HandlerError?) {
    status = head["status"]?.int ?? 0
    headers = Dictionary(head["headers"]?.members.map { ($0.key, $0.value.string ?? "") } ?? [], uniquingKeysWith: { $1 })
    url = head["url"]?.string ?? ""
    object = head["object"].flatMap { $0.isNull ? nil : ObjectHead($0) }
    self.body = body
    self.failure = failure
  }

  public var isNotModified: Bool { status == 304 }
}
