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
}
