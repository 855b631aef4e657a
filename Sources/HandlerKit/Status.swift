internal import HandlerABI

/// How a call ended. The class, `code / 100`, says what may help: 1 another try, 2 nothing, 3 other params.
public struct Status: Sendable, Hashable {
  public let code: Int32

  /// An unknown code is treated by its class.
  public init(code: Int32) {
    self.code = code
  }

  private init(_ code: Int) {
    self.code = Int32(code)
  }

  public static let retry = Status(WEIR_RETRY)
  public static let timeout = Status(WEIR_TIMEOUT)
  public static let busy = Status(WEIR_BUSY)
  public static let unreachable = Status(WEIR_UNREACHABLE)
  public static let partialRetry = Status(WEIR_PARTIAL_RETRY)
  public static let failed = Status(WEIR_FAILED)
  public static let denied = Status(WEIR_DENIED)
  public static let notFound = Status(WEIR_NOT_FOUND)
  public static let conflict = Status(WEIR_CONFLICT)
  public static let tooLarge = Status(WEIR_TOO_LARGE)
  public static let unsupported = Status(WEIR_UNSUPPORTED)
  public static let misuse = Status(WEIR_MISUSE)
  public static let partial = Status(WEIR_PARTIAL)
  public static let invalid = Status(WEIR_INVALID)
  public static let cancelled = Status(WEIR_CANCELLED)

  /// True if the same call may succeed later.
  public var isRetryable: Bool { code / 100 == 1 }

  /// True if a batch was tried element by element, so that its report or its answers say what came of each.
  var isOfElements: Bool { self == .ok || self == .partial || self == .partialRetry }

  static let ok = Status(WEIR_OK)
}

extension Status: CustomStringConvertible {
  public var description: String {
    let words = [
      Status.retry: "try again", .timeout: "timeout", .busy: "busy", .unreachable: "unreachable",
      .partialRetry: "failed in part, try again", .failed: "failed", .denied: "denied", .notFound: "not found",
      .conflict: "conflict", .tooLarge: "too large", .unsupported: "unsupported", .misuse: "misuse",
      .partial: "failed in part", .invalid: "invalid", .cancelled: "cancelled", .ok: "ok",
    ]
    return words[self].map { "\($0) (\(code))" } ?? "status \(code)"
  }
}
