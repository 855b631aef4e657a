/// What somebody may do; each may do all that those before may.
public enum Role: String, Sendable, CaseIterable, Comparable {
  /// Read.
  case viewer
  /// Submit and control jobs.
  case `operator`
  /// Everything: tokens and sessions too.
  case admin

  private var rank: Int {
    switch self {
    case .viewer: 0
    case .operator: 1
    case .admin: 2
    }
  }

  public static func < (one: Role, other: Role) -> Bool { one.rank < other.rank }
}
