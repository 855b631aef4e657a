/// What an expression's path begins with.
public enum ExpressionRoot: String, Sendable, Hashable, CaseIterable {
  /// The job's parameters, defaults included.
  case params
  /// `stages.ID.result` and `stages.ID.totals` of the stages before.
  case stages
  /// The element that this task is for; with `for_each` and no `batch`.
  case item
  /// The elements of this task's batch, an array; with `for_each` and `batch`.
  case items
  /// The task's number in its stage, from 0; with `for_each`.
  case index
  /// `job.id`, `job.workflow`, `job.dedup_key`.
  case job
}
