/// How much of a stage is done, in units of work: tasks, and of those that run what they say they have done.
public struct StageWork: Sendable, Hashable {
  /// A stage of fewer tasks is counted in hundredths of a task once its tasks say how far they are.
  private static let fewTasks = 10.0
  private static let fine = 100.0

  public var tasks: Double
  /// Tasks that have ended.
  public var ended: Double
  /// Of tasks that run, the part that they say is done: 0 to the number of them.
  public var inHand: Double

  public init(tasks: Double, ended: Double, inHand: Double) {
    self.tasks = tasks
    self.ended = ended
    self.inHand = inHand
  }

  public var done: Double { min(tasks, ended + max(0, inHand)) }

  /// The same moments in units that a forecast can tell something from: a single task that says how far it is has a hundred of them.
  /// - Parameter history: `done` of each moment, in tasks.
  public func forecast(_ history: [WorkSample], tail: TailOfWork) -> Forecast? {
    let unit = tasks < Self.fewTasks && history.contains { $0.done != $0.done.rounded() } ? Self.fine : 1
    return Forecast(
      WorkHistory(history.map { WorkSample(at: $0.at, done: $0.done * unit) }), total: tasks * unit, tail: tail)
  }
}
