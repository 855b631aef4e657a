import Engine

/// What one must be to ask for something; each may do all that those before may.
enum Access: Int, Sendable, Comparable {
  /// Anybody.
  case open
  /// May read.
  case viewer
  /// May submit and control jobs.
  case `operator`
  /// May do everything.
  case admin

  init(_ role: Role) {
    self =
      switch role {
      case .viewer: .viewer
      case .operator: .operator
      case .admin: .admin
      }
  }

  static func < (one: Access, other: Access) -> Bool { one.rawValue < other.rawValue }
}
