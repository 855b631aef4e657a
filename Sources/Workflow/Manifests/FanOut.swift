/// What a stage runs its handler over: one task for each element, or for each batch of elements.
public struct FanOut: Sendable, Hashable {
  public enum Source: Sendable, Hashable {
    /// The items that the tasks of an earlier stage emitted, in the order in which those tasks ended.
    case itemsOf(String)
    /// The elements of an array: one expression, over `params`, `stages` and `job`.
    case array(Template)
  }

  public enum Batch: Sendable, Hashable {
    case size(Int)
    /// One expression that gives a whole number of at least 1, over `params`, `stages` and `job`.
    case expression(Template)
  }

  public var source: Source
  /// Nil: one element a task, `${item}`; else `${items}`.
  public var batch: Batch?

  public init(source: Source, batch: Batch? = nil) {
    self.source = source
    self.batch = batch
  }

  public var json: JSON {
    var object = JSONObject()
    switch source {
    case .itemsOf(let stage): object.append("items_of", .string(stage))
    case .array(let template): object.append("array", template.source)
    }
    switch batch {
    case .size(let size)?: object.append("batch", .number(JSONNumber(size)))
    case .expression(let template)?: object.append("batch", template.source)
    case nil: break
    }
    return .object(object)
  }
}
