public import Workflow

/// What one check found.
public struct CheckResult: Sendable, Equatable {
  public enum Status: Sendable, Equatable {
    case passed
    /// Works, but will bite somebody.
    case warning
    case failed
    /// Not looked at, and why.
    case skipped(String)
    /// The library ended the process that looked at it.
    case crashed(String)

    public var word: String {
      switch self {
      case .passed: "passed"
      case .warning: "warning"
      case .failed: "failed"
      case .skipped: "skipped"
      case .crashed: "crashed"
      }
    }
  }

  /// The check's number in Weir's list of checks; 7, 8 and 16 are not made yet.
  public let number: Int
  /// `elf-sane`
  public let name: String
  /// 1: static, no code of the plugin runs. 2: the library is loaded.
  public let level: Int
  public var status: Status
  /// One sentence each: what is wrong, where, and how to mend it.
  public var findings: [String]

  public var isBad: Bool {
    switch status {
    case .failed, .crashed: true
    case .passed, .warning, .skipped: false
    }
  }

  public var json: JSON {
    var members: [(key: String, value: JSON)] = [
      ("number", JSON(number)), ("name", JSON(name)), ("level", JSON(level)), ("status", JSON(status.word)),
    ]
    switch status {
    case .skipped(let reason): members.append(("reason", JSON(reason)))
    case .crashed(let cause): members.append(("cause", JSON(cause)))
    case .passed, .warning, .failed: break
    }
    members.append(("findings", .array(findings.map { JSON($0) })))
    return .object(JSONObject(members))
  }

  public var text: String {
    var lines = ["\(status.word.padded(to: 8)) \(String(number).padded(to: 3))\(name)"]
    switch status {
    case .skipped(let reason): lines[0] += ": \(reason)"
    case .crashed(let cause): lines[0] += ": \(cause)"
    case .passed, .warning, .failed: break
    }
    return (lines + findings.map { "             \($0)" }).joined(separator: "\n")
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
