import HTTPTypes
import Synchronization
import Workflow

/// The OpenAPI document, and the route that serves it.
final class DocumentText: Sendable {
  private let bytes = Mutex<[UInt8]>([])

  func set(_ document: JSON) {
    bytes.withLock { $0 = document.bytes }
  }

  var route: Route {
    Route(
      .get, "/api/openapi.json", id: "getOpenAPI", "This document.", access: .open,
      successes: [.init(status: 200, summary: "An OpenAPI 3.1 document.", schema: "OpenAPI")],
      .quick { [self] _ in Answer(body: bytes.withLock { $0 }) })
  }
}
