import Database
public import Workflow

extension Views {
  /// What went wrong in a job: rejects with their reasons, and tasks that failed with the items that they stood for.
  public struct Failures: Sendable {
    /// Each with `stage`, and a reject's own members: `subject`, `code`, `message`, `details`.
    public var rejects: [JSON]
    public var failedTasks: [FailedTask]
    /// Some rejects, tasks or items were left out.
    public var isCut: Bool
  }

  /// A task that failed; what is known of any task is known of it.
  @dynamicMemberLookup
  public struct FailedTask: Sendable {
    public var task: TaskView
    /// What is missing because of it; nil in a stage without fan-out.
    public var items: MissingItems?

    public subscript<Value>(dynamicMember member: KeyPath<TaskView, Value>) -> Value { task[keyPath: member] }

    /// The task's own members, and `items`.
    public var json: JSON {
      var members = task.json.objectValue ?? JSONObject()
      members.append("items", items?.json ?? .null)
      return .object(members)
    }
  }

  /// Items of a stage that no task has done.
  public struct MissingItems: Sendable {
    /// Number of the first.
    public var first: Int
    public var count: Int
    /// The items themselves; fewer than `count` when they were too many or too large to list.
    public var values: [RawJSON]

    public var json: JSON {
      [
        "first": .number(JSONNumber(first)), "count": .number(JSONNumber(count)), "values": .array(values.map { $0.parsed() }),
      ]
    }
  }

  /// Bytes of items that one answer lists.
  private static let itemBytes = 4 << 20

  /// - Throws: `.noJob`.
  public func failures(job: Int64, limit: Int = 200) throws -> Failures {
    var failures = Failures(rejects: [], failedTasks: [], isCut: false)
    var budget = (items: limit * 10, bytes: Self.itemBytes)
    for stage in try self.job(job).stages {
      if stage.rejects > 0 { try addRejects(of: stage, to: &failures, limit: limit) }
      if stage.counts.failed > 0 { try addTasks(of: stage, to: &failures, limit: limit, &budget) }
    }
    return failures
  }

  private func addRejects(of stage: StageView, to failures: inout Failures, limit: Int) throws {
    guard failures.rejects.count < limit else {
      failures.isCut = true
      return
    }
    let page = try items(.reject, job: stage.jobID, stage: stage.id, limit: limit - failures.rejects.count)
    failures.rejects += page.elements.map { reject in
      var object = JSONObject([("stage", .string(stage.id))])
      for (key, value) in reject.parsed().objectValue?.members ?? [] where key != "stage" { object.append(key, value) }
      return .object(object)
    }
    failures.isCut = failures.isCut || page.next != nil
  }

  private func addTasks(of stage: StageView, to failures: inout Failures, limit: Int, _ budget: inout (items: Int, bytes: Int)) throws {
    guard failures.failedTasks.count < limit else {
      failures.isCut = true
      return
    }
    let page = try tasks(job: stage.jobID, stage: stage.id, TaskFilter(state: .failed, limit: limit - failures.failedTasks.count))
    let fanOut = try fanOut(of: stage.key)
    for task in page.elements {
      var missing: MissingItems?
      if let fanOut {
        let first = task.n * fanOut.batch
        let count = max(0, min(fanOut.batch, fanOut.items - first))
        var values = try items.read(fanOut.kind, of: fanOut.source, in: first..<first + min(count, max(0, budget.items)))
        budget.items -= values.count
        if let large = values.indices.first(where: { index in
          budget.bytes -= values[index].bytes.count
          return budget.bytes < 0
        }) {
          values.removeSubrange(large...)
        }
        failures.isCut = failures.isCut || values.count < count
        missing = MissingItems(first: first, count: count, values: values)
      }
      failures.failedTasks.append(FailedTask(task: task, items: missing))
    }
    failures.isCut = failures.isCut || page.next != nil
  }

  /// Where a stage's items come from; nil without fan-out.
  private struct FanOut {
    var source: Int64
    var kind: ItemKind
    var items: Int
    var batch: Int
  }

  private func fanOut(of stage: Int64) throws -> FanOut? {
    let rows = try database.withConnection { connection in
      try connection.query(
        "SELECT items_from, coalesce(items_total, 0), coalesce(batch, 1), coalesce(reuses, id) FROM stages WHERE id = \(stage)")
    }
    guard let row = rows.first, let source = try row.intOrNil(0) else { return nil }
    return FanOut(
      source: Int64(source), kind: source == (try row.int(3)) ? .element : .item, items: try row.int(1), batch: try row.int(2))
  }
}
