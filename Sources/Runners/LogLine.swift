public import Workflow

/// One line that a task wrote: by `weir.log/1`, or on stdout or stderr.
public struct LogLine: Sendable {
  public enum Level: UInt8, Sendable, Comparable {
    case debug, info, warning, error

    public static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
  }
  public enum Source: String, Sendable { case service, stdout, stderr, host }

  /// The attempt; nil while the runner has no task in hand, as when a plugin opens.
  public var token: Int64?
  public var plugin: String
  public var level: Level
  public var source: Source
  /// Valid UTF-8, at most the configured length.
  public var message: String
  /// A JSON object.
  public var fields: RawJSON?
}
