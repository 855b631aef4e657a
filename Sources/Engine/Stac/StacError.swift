public import Database

/// Why a whole call to the STAC registry failed; what fails of a batch's elements stands in its `StacReport` instead.
public struct StacError: Error, Sendable {
  public enum Code: Sendable {
    case noCollection
    /// The document, interval or list as given is wrong; problems by JSON Pointer.
    case invalid([StacProblem])
    case unsupported(String)
    case cancelled
    case database(DatabaseError)
  }

  /// The status that a handler gets, with the number it has in `weir/handler.h`.
  public enum Status: Int32, Sendable {
    case retry = 100, busy = 102, unreachable = 103, failed = 200, denied = 201, notFound = 202, conflict = 203
    case unsupported = 205, invalid = 300, cancelled = 400
  }

  public let code: Code
  /// The collection's id, or what was called.
  public let subject: String

  public init(_ code: Code, _ subject: String) {
    self.code = code
    self.subject = subject
  }

  public var status: Status {
    switch code {
    case .noCollection: .notFound
    case .invalid: .invalid
    case .unsupported: .unsupported
    case .cancelled: .cancelled
    case .database(let error): Status(of: error)
    }
  }

  public var message: String {
    switch code {
    case .noCollection: "collection \"\(subject)\": it is not registered."
    case .invalid(let problems): "\(subject): " + problems.map(\.description).joined(separator: "; ") + "."
    case .unsupported(let what): "\(subject): \(what)."
    case .cancelled: "\(subject): cancelled."
    case .database(let error): "\(subject): \(error.message)"
    }
  }

  public var hint: String? {
    switch code {
    case .noCollection: "Put the collection first, then its items."
    case .database(let error): error.hint
    case .invalid, .unsupported, .cancelled: nil
    }
  }
}

extension StacError.Status {
  /// - Source: the classes of `weir.sql/1` in `weir/handler.h`.
  init(of error: DatabaseError) {
    let state = error.sqlstate ?? ""
    switch true {
    case error.isRetryable, state == "23514", state == "42P01": self = .retry
    case error.isUnreachable: self = .unreachable
    case state == "42501": self = .denied
    case state.hasPrefix("22"): self = .invalid
    case state.hasPrefix("23"): self = .conflict
    default:
      switch error.code {
      case .poolExhausted: self = .busy
      case .cancelled: self = .cancelled
      case .encoding: self = .invalid
      default: self = .failed
      }
    }
  }
}
