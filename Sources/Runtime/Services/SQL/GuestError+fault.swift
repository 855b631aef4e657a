import Database
import Workflow

extension GuestError {
  /// The classes of `weir.sql/1`: 40001, 40P01, 55P03 and 57P* are worth another transaction, 08* is the connection, 23* a
  /// conflict, 42501 a missing right.
  var fault: ServiceFault {
    ServiceFault(status, message, more: sqlstate.map { [("sqlstate", .string($0))] } ?? [])
  }

  private var status: Int32 {
    switch code {
    case .server(let state): Self.status(of: state)
    case .unreachable: ServiceFault.unreachable
    case .cancelled: ServiceFault.cancelled
    case .tooLarge: ServiceFault.tooLarge
    case .misuse: ServiceFault.misuse
    case .rolledBack: ServiceFault.failed
    case .unsafeLogin: ServiceFault.denied
    }
  }

  static func status(of state: String) -> Int32 {
    switch state {
    case "40001", "40P01", "55P03": 100
    case "42501": ServiceFault.denied
    case _ where state.hasPrefix("57P"): 100
    case _ where state.hasPrefix("08"): ServiceFault.unreachable
    case _ where state.hasPrefix("23"): ServiceFault.conflict
    default: ServiceFault.failed
    }
  }
}
