import Database
public import Workflow

extension Views {
  /// The items or rejects of a stage that winning attempts emitted, by number.
  ///
  /// - Parameter after: the last number of the page before, -1 for the first.
  /// - Throws: `.noJob`, `.noStage`.
  public func items(
    _ kind: ItemKind, job: Int64, stage: String, after: Int = -1, limit: Int = 100
  ) throws -> Page<RawJSON> {
    let key = try database.transaction(access: .readOnly) { tx in try self.key(job: job, stage: stage, in: tx) }
    let first = after + 1
    var elements = try items.read(kind, of: key, in: first..<first + limit + 1)
    let hasMore = elements.count > limit
    if hasMore { elements.removeLast() }
    return Page(elements: elements, next: hasMore ? "\(after + elements.count)" : nil)
  }

  /// What went wrong in a job: rejects with their reasons, and tasks that failed with what they stood for.
  public struct Failures: Sendable {
    /// Each with `stage`, and a reject's own members: `subject`, `code`, `message`, `details`.
    public var rejects: [JSON]
    public var failedTasks: [TaskView]
    /// Some were left out.
    public var isCut: Bool
  }

  /// - Throws: `.noJob`.
  public func failures(job: Int64, limit: Int = 200) throws -> Failures {
    var failures = Failures(rejects: [], failedTasks: [], isCut: false)
    for stage in try self.job(job).stages {
      if stage.rejects > 0, failures.rejects.count < limit {
        let page = try items(.reject, job: job, stage: stage.id, limit: limit - failures.rejects.count)
        failures.rejects += page.elements.map { reject in
          var object = JSONObject([("stage", .string(stage.id))])
          for (key, value) in reject.parsed().objectValue?.members ?? [] where key != "stage" { object.append(key, value) }
          return .object(object)
        }
        failures.isCut = failures.isCut || page.next != nil
      }
      if stage.counts.failed > 0, failures.failedTasks.count < limit {
        let page = try tasks(
          job: job, stage: stage.id, TaskFilter(state: .failed, limit: limit - failures.failedTasks.count))
        failures.failedTasks += page.elements
        failures.isCut = failures.isCut || page.next != nil
      }
    }
    return failures
  }
}
