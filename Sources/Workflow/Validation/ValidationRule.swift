/// One thing that every workflow must keep.
public protocol ValidationRule: Sendable {
  /// `fan-out-source`: also the folder of its golden cases.
  var id: String { get }
  func problems(in context: WorkflowContext) -> [Problem]
}
