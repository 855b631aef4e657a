public import Workflow

/// What a host needs to know of a stage to dispatch its tasks; never changes once the stage has opened.
public struct StagePlan: Sendable {
  public var stageID: Int64
  public var jobID: Int64
  public var definition: StageDefinition
  public var tasksTotal: Int
  /// The stage whose items the tasks stand for, itself for the elements of an array; nil without fan-out.
  public var itemsFrom: Int64?
  public var itemsTotal: Int?
  /// Items a task; nil: one, given as `${item}`.
  public var batch: Int?
  /// Where the job stands among traces.
  public var trace: JobTrace
  /// What all tasks of the stage read.
  public var scope: TaskScope

  /// `JOB/STAGE/N`, the same on every attempt.
  public func taskID(_ n: Int) -> String { "\(jobID)/\(definition.id)/\(n)" }

  /// The numbers of the items that a task stands for; nil without fan-out.
  public func items(of n: Int) -> Range<Int>? {
    guard let itemsTotal else { return nil }
    let size = batch ?? 1
    return min(n * size, itemsTotal)..<min((n + 1) * size, itemsTotal)
  }

  /// The params of task `n`: the template with the task's elements, which the caller has read.
  ///
  /// - Parameter elements: those of `items(of:)`; none without fan-out.
  public func params(of n: Int, elements: ArraySlice<RawJSON>) throws(ExpressionError) -> [UInt8] {
    var scope = scope
    if itemsTotal != nil {
      scope.index = n
      if batch == nil { scope.item = elements.first } else { scope.items = RawJSON(joining: elements) }
    }
    return try definition.params.render(in: scope)
  }

  /// How many elements are lost when the task fails.
  public func itemCount(of n: Int) -> Int { items(of: n)?.count ?? 1 }
}

extension RawJSON {
  /// An array of the values.
  fileprivate init(joining values: ArraySlice<RawJSON>) {
    var bytes: [UInt8] = [UInt8(ascii: "[")]
    bytes.reserveCapacity(values.reduce(2) { $0 + $1.bytes.count + 1 })
    for (place, value) in values.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += value.bytes
    }
    bytes.append(UInt8(ascii: "]"))
    self.init(unchecked: bytes[...])
  }
}
