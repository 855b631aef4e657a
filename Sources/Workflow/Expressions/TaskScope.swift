/// The values that the expressions of one stage or one task read.
public struct TaskScope: ExpressionScope, Sendable {
  /// What a stage left; nil where it has none, as when it was skipped.
  public struct Stage: Sendable {
    public var result: RawJSON?
    public var totals: RawJSON?

    public init(result: RawJSON? = nil, totals: RawJSON? = nil) {
      self.result = result
      self.totals = totals
    }
  }

  public var params: RawJSON
  /// By id: the stages that have ended.
  public var stages: [String: Stage]
  /// `{"id":"42","workflow":"ingest_collection","dedup_key":null}`.
  public var job: RawJSON
  public var item: RawJSON?
  public var items: RawJSON?
  public var index: Int?

  public init(
    params: RawJSON, stages: [String: Stage] = [:], job: RawJSON, item: RawJSON? = nil, items: RawJSON? = nil,
    index: Int? = nil
  ) {
    self.params = params
    self.stages = stages
    self.job = job
    self.item = item
    self.items = items
    self.index = index
  }

  public func value(at path: ExpressionPath) throws(ExpressionError) -> RawJSON? {
    switch path.root {
    case .params: return try path.resolve(in: params)
    case .job: return try path.resolve(in: job)
    case .item: return try path.resolve(in: reached(item, by: path))
    case .items: return try path.resolve(in: reached(items, by: path))
    case .index:
      guard let index else { throw ExpressionError(path: path, reason: .notInReach) }
      return RawJSON(unchecked: ArraySlice(String(index).utf8))
    case .stages:
      guard let id = path.stage, let stage = stages[id], path.rest.count > 1 else {
        throw ExpressionError(path: path, reason: .notInReach)
      }
      let part = path.rest[1] == .member("result") ? stage.result : stage.totals
      guard let part else { return nil }
      return try path.resolve(in: part, from: 2)
    }
  }

  private func reached(_ value: RawJSON?, by path: ExpressionPath) throws(ExpressionError) -> RawJSON {
    guard let value else { throw ExpressionError(path: path, reason: .notInReach) }
    return value
  }
}
