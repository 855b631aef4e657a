public import Workflow

/// Since when, by whom and why something is paused.
public struct Pause: Sendable, Hashable {
  public var at: String
  public var by: String
  public var why: String?

  public var json: JSON { ["at": .string(at), "by": .string(by), "why": JSON(orNull: why)] }
}
