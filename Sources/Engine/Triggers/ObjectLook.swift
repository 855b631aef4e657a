public import Workflow

/// A look at the objects of one trigger that is due.
public struct ObjectLook: Sendable {
  public var trigger: Int64
  public var name: String
  public var source: ObjectSource
  /// Where the walk goes on; nil: at the beginning.
  public var page: String?
}
