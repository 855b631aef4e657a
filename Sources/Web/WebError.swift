import Glibc
import NIOCore
import Workflow

/// Why the address cannot be served.
public struct WebError: Error, Sendable, CustomStringConvertible {
  public enum Code: Sendable {
    /// Another program listens there.
    case addressTaken
    /// The port is for root only.
    case notAllowed
    /// The machine has no such address, or no such name is known.
    case unknownHost
    /// It can be reached from other machines, and no token guards it.
    case tokenMissing
    /// The server has stopped, or stopped before it listened.
    case ended
    case other(errno: Int32)
  }

  public var code: Code
  /// The address.
  public var subject: String
  public var cause: (any Error)?

  public init(_ code: Code, subject: String, cause: (any Error)? = nil) {
    self.code = code
    self.subject = subject
    self.cause = cause
  }

  init(_ error: IOError, at address: ListenAddress) {
    let code: Code =
      switch error.errnoCode {
      case EADDRINUSE: .addressTaken
      case EACCES, EPERM: .notAllowed
      case EADDRNOTAVAIL: .unknownHost
      default: .other(errno: error.errnoCode)
      }
    self.init(code, subject: "\(address)", cause: error)
  }

  /// What is wrong, for a person.
  public var message: String {
    switch code {
    case .addressTaken: "cannot listen on \(subject): another program listens there already"
    case .notAllowed: "cannot listen on \(subject): ports below 1024 are not for this user"
    case .unknownHost: "cannot listen on \(subject): this machine has no such address"
    case .tokenMissing: "will not listen on \(subject): other machines can reach it, and there is no token"
    case .ended: "the server on \(subject) has stopped"
    case .other(let errno): "cannot listen on \(subject): \(String(cString: strerror(errno)))"
    }
  }

  /// How to mend it.
  public var hint: String? {
    switch code {
    case .addressTaken:
      "Is a host running there already? Stop it, or set `listen` (WEIR_LISTEN) to another port; port 0 takes any free one."
    case .notAllowed: "Set `listen` (WEIR_LISTEN) to a port from 1024 up, such as 127.0.0.1:8080."
    case .unknownHost: "Set `listen` (WEIR_LISTEN) to an address of this machine: 127.0.0.1:8080, or 0.0.0.0:8080 for all of them."
    case .tokenMissing: "Make one: `weir tokens create --name NAME --role admin`; or set `token` (WEIR_TOKEN), or listen on 127.0.0.1."
    case .ended: nil
    case .other: "Check `listen` (WEIR_LISTEN)."
    }
  }

  public var description: String { hint.map { "\(message). \($0)" } ?? message }
}
