public import Workflow

/// A job that has ended, with its stages, as spans tell of it. Times are microseconds since 1970.
public struct EndedJob: Sendable {
  public struct Stage: Sendable {
    public var name: String
    public var handler: String
    public var state: String
    public var openedAt: Int64
    public var finishedAt: Int64
    public var tasks: Int
    public var failed: Int
  }

  public var trace: JobTrace
  public var workflow: String
  public var version: Int
  public var state: String
  public var error: String?
  public var startedAt: Int64
  public var finishedAt: Int64
  public var stages: [Stage]
}
