/// What a checkup of an installation says about one thing.
public struct Finding: Sendable, Hashable {
  public enum Severity: String, Sendable, Hashable, Comparable, CaseIterable {
    /// Looked at, and as it should be.
    case fine
    /// Worth knowing; nothing is to be done.
    case note
    /// Works, and will cost something.
    case warning
    /// Does not work.
    case error

    public static func < (left: Severity, right: Severity) -> Bool {
      allCases.firstIndex(of: left)! < allCases.firstIndex(of: right)!  // a case is among all cases
    }
  }

  public var severity: Severity
  /// What was looked at, from the general to the particular: `database.clock`, `containers.bronze`.
  public var subject: String
  public var message: String
  /// How to mend it.
  public var hint: String?

  public init(_ severity: Severity, _ subject: String, _ message: String, hint: String? = nil) {
    self.severity = severity
    self.subject = subject
    self.message = message
    self.hint = hint
  }

  public var json: JSON {
    [
      "severity": JSON(severity.rawValue), "subject": JSON(subject), "message": JSON(message),
      "hint": hint.map { JSON($0) } ?? .null,
    ]
  }
}
