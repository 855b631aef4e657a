import Storage
import Workflow

/// Why a try brought no answer that is one.
struct HTTPFailure: Error {
  var fault: ServiceFault
  /// Another try may help.
  var mayPass: Bool
  /// What the server asked for.
  var retryAfter: Duration?

  init(_ fault: ServiceFault, mayPass: Bool = false, retryAfter: Duration? = nil) {
    self.fault = fault
    self.mayPass = mayPass
    self.retryAfter = retryAfter
  }

  /// No answer came, or not all of it.
  /// - Parameter isRepeatable: the request may be sent again although it may have arrived.
  init(_ error: HTTPError, isRepeatable: Bool) {
    let (status, mayPass): (Int32, Bool) =
      switch error.code {
      case .noAddress, .noConnection: (ServiceFault.unreachable, true)
      case .stalled, .cut: (ServiceFault.unreachable, isRepeatable)
      case .late: (101, false)
      case .forbiddenAddress: (ServiceFault.denied, false)
      case .badURL, .badHeader: (ServiceFault.invalid, false)
      case .notTrusted, .tooManyRedirects: (ServiceFault.failed, false)
      case .tooLarge: (ServiceFault.tooLarge, false)
      case .cancelled: (ServiceFault.cancelled, false)
      }
    self.init(ServiceFault(status, error.message), mayPass: mayPass)
  }

  /// The answer is no success.
  init(_ head: HTTPHead, _ subject: String, retryAfter: Duration?) {
    let status: Int32 =
      switch head.status {
      case 401, 403: ServiceFault.denied
      case 404, 410: ServiceFault.notFound
      case 408, 504: 101
      case 429, 503: ServiceFault.busy
      case 500..<600: 100
      default: ServiceFault.failed
      }
    self.init(
      ServiceFault(status, "\(subject): the server answered \(head.status)", more: [("http_status", JSON(head.status))]),
      mayPass: status / 100 == 1, retryAfter: retryAfter)
  }

  /// After the last try; a later one may be made by the engine.
  func final(_ policy: Storage.RetryPolicy) -> ServiceFault {
    guard fault.status / 100 == 1 else { return fault }
    var fault = fault
    let after = retryAfter ?? policy.cap
    fault.more.append(("retry_after_ms", JSON(Int(after.components.seconds * 1000 + after.components.attoseconds / 1_000_000_000_000_000))))
    return fault
  }
}
