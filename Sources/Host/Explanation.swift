import Database
import Engine
import Runners
import Storage
import Web
import Workflow

/// An error as a person reads it on stderr: what is wrong, and on the next line how to mend it.
struct Explanation: CustomStringConvertible {
  let description: String

  /// Nil for what the argument parser explains itself.
  init?(_ error: any Error) {
    switch error {
    case let error as Failure: self.init(error.message, error.hint)
    case let error as Problems: self.init(error.description, nil)
    case let error as Problem: self.init(error.description, nil)
    case let error as DatabaseError: self.init(error.message, error.hint)
    case let error as ClusterError: self.init(error.message, error.hint)
    case let error as EngineError: self.init(error.message, error.hint)
    case let error as AccessError: self.init(error.message, error.hint)
    case let error as PgstacError: self.init(error.message, error.hint)
    case let error as StacError: self.init(error.message, error.hint)
    case let error as StorageError: self.init(error.message, error.hint)
    case let error as RunnersError: self.init(error.message, error.hint)
    case let error as WebError: self.init(error.message, error.hint)
    default: return nil
    }
  }

  private init(_ message: String, _ hint: String?) {
    let lines = (hint ?? "").split(separator: "\n").map { "\n  \($0)" }
    description = Redaction.byForm.text(message + lines.joined())
  }
}
