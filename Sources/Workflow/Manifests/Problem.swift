/// One thing that is wrong with a document: where it is, what is wrong, how to mend it.
///
/// Prints as `FILE:LINE:COLUMN: stages[1].handler: MESSAGE`, with the hint indented on the next line.
public struct Problem: Error, Sendable, Hashable {
  /// The file's path as it was given, or a word such as `body`.
  public var file: String
  /// From 1; 0 when the place is not known.
  public var line: Int
  /// From 1, in characters; 0 when the place is not known.
  public var column: Int
  /// Such as `stages[1].handler`; empty for the document as a whole.
  public var path: String
  /// A sentence that ends with a full stop.
  public var message: String
  public var hint: String?

  public init(file: String, line: Int = 0, column: Int = 0, path: String = "", message: String, hint: String? = nil) {
    self.file = file
    self.line = line
    self.column = column
    self.path = path
    self.message = message
    self.hint = hint
  }
}

extension Problem: CustomStringConvertible {
  public var description: String {
    var text = file
    if line > 0 { text += ":\(line):\(column)" }
    if !path.isEmpty { text += ": \(path)" }
    text += ": \(message)"
    if let hint { text += "\n  \(hint)" }
    return text
  }
}

extension Problem: Comparable {
  /// By file, then by place.
  public static func < (one: Problem, other: Problem) -> Bool {
    (one.file, one.line, one.column, one.path, one.message)
      < (other.file, other.line, other.column, other.path, other.message)
  }
}
