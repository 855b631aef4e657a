import Runners
import Workflow

/// Why a service call failed, as its handler hears it.
struct ServiceFault: Error {
  /// `WEIR_*` of `weir/handler.h`.
  var status: Int32
  var message: String
  /// Members of `last_error` besides call, status and message.
  var more: [(key: String, value: JSON)] = []

  init(_ status: Int32, _ message: String, more: [(key: String, value: JSON)] = []) {
    self.status = status
    self.message = message
    self.more = more
  }

  static let busy: Int32 = 102
  static let unreachable: Int32 = 103
  static let failed: Int32 = 200
  static let denied: Int32 = 201
  static let notFound: Int32 = 202
  static let conflict: Int32 = 203
  static let tooLarge: Int32 = 204
  static let unsupported: Int32 = 205
  static let misuse: Int32 = 206
  static let invalid: Int32 = 300
  static let cancelled: Int32 = 400
}
