/// What went wrong with runners as a whole; what goes wrong with one task is its `Outcome`.
public struct RunnersError: Error, Sendable, CustomStringConvertible {
  public enum Code: Sendable, Equatable {
    case runnerMissing
    case noSuchUser
    case scratchUnusable(reason: String)
    case systemRefused(call: String, errno: Int32)
    case libraryRefused(String)
    case runnerEnded(String)
    case descriptionBroken(String)
    case notAnImage(String)
  }

  public let code: Code
  public let subject: String

  init(_ code: Code, subject: String) {
    self.code = code
    self.subject = subject
  }

  public var message: String {
    switch code {
    case .runnerMissing: "\(subject): there is no such program, so no plugin can be loaded."
    case .noSuchUser: "user \"\(subject)\": this machine has no such user, so runners cannot give up root's rights."
    case .scratchUnusable(let reason): "\(subject): the folder for the tasks' scratch cannot be used: \(reason)."
    case .systemRefused(let call, let number): "\(subject): \(call) failed: \(systemMessage(number))."
    case .libraryRefused(let reason): "\(subject): \(reason)"
    case .runnerEnded(let cause): "\(subject): \(cause)."
    case .descriptionBroken(let reason): "\(subject): its description is broken: \(reason)."
    case .notAnImage(let reason): "\(subject): not an ELF library that weir can read: \(reason)."
    }
  }

  public var hint: String {
    switch code {
    case .runnerMissing: "Build it (make build), or say where it is by WEIR_RUNNER."
    case .noSuchUser: "Name an existing user for runners in the configuration."
    case .scratchUnusable: "Name a folder that the runners' user can enter, with room for the tasks' files."
    case .systemRefused: "See the limits of this process (ulimit -a) and of the machine."
    case .libraryRefused: "Run: weir check \(subject)"
    case .runnerEnded: "Run the plugin in this process under a debugger: weir run --in-process"
    case .descriptionBroken: "Run: weir check \(subject)"
    case .notAnImage: "Give the path of a plugin's shared library (.so)."
    }
  }

  public var description: String { message + " " + hint }
}
