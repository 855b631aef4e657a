public import Workflow

/// What became of the elements of a call: each is in one of the counts or in `failed`.
public struct StacReport: Sendable, Equatable {
  public struct Failure: Sendable, Equatable {
    public let index: Int
    /// The document's id, where it has one.
    public let id: String?
    public let status: StacError.Status
    public let message: String
    /// JSON Pointer into the element, where a place in it is at fault.
    public let pointer: String?
  }

  /// New or changed.
  public var written = 0
  /// There already, just so.
  public var unchanged = 0
  public var removed = 0
  /// By index.
  public var failed: [Failure] = []
  /// What a person should know although it is no failure.
  public var warnings: [String] = []

  public init() {}

  /// Whether trying the batch again may help.
  public var isWorthRetrying: Bool { failed.contains { $0.status.rawValue / 100 == 1 } }

  /// `{"written","unchanged","removed","failed":[{"index","id"?,"status","message","pointer"?}]}`, "warnings" if any.
  public var json: JSON {
    var members: [(key: String, value: JSON)] = [
      (key: "written", value: JSON(written)), (key: "unchanged", value: JSON(unchanged)),
      (key: "removed", value: JSON(removed)), (key: "failed", value: .array(failed.map(\.json))),
    ]
    if !warnings.isEmpty { members.append((key: "warnings", value: .array(warnings.map { JSON($0) }))) }
    return .object(JSONObject(members))
  }
}

extension StacReport.Failure {
  /// An element that is not what it must be.
  init(index: Int, message: String) {
    self.init(index: index, id: nil, status: .invalid, message: message, pointer: nil)
  }

  init(index: Int, id: String?, problems: [StacProblem]) {
    let text = problems.prefix(5).map(\.description).joined(separator: "; ")
    let more = problems.count > 5 ? "; and \(problems.count - 5) more" : ""
    self.init(index: index, id: id, status: .invalid, message: text + more, pointer: problems.first?.pointer)
  }

  fileprivate var json: JSON {
    var members: [(key: String, value: JSON)] = [(key: "index", value: JSON(index))]
    if let id { members.append((key: "id", value: JSON(id))) }
    members += [(key: "status", value: JSON(Int(status.rawValue))), (key: "message", value: JSON(message))]
    if let pointer { members.append((key: "pointer", value: JSON(pointer))) }
    return .object(JSONObject(members))
  }
}
