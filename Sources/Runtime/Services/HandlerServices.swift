import Engine
import Logging
import Runners

/// Answers the service calls of handlers. Blocks; called on service threads, many at once.
final class HandlerServices: Sendable {
  private let checkpoints: CheckpointService
  private let storage: StorageService
  private let stac: StacService

  init(checkpoints: CheckpointService, storage: StorageService, stac: StacService) {
    self.checkpoints = checkpoints
    self.storage = storage
    self.stac = stac
  }

  /// Answers one call of a running attempt, exactly once.
  func answer(_ call: ServiceCall, for handler: HostedHandler, job: Int64) {
    guard handler.services.contains(call.code.service) else {
      return call.refuse("\(call.code.service) is not granted to \(handler.name)", status: 201)
    }
    switch call.code.service {
    case "weir.checkpoint/1": checkpoints.answer(call)
    case "weir.storage/1": storage.answer(call, grants: handler.grants)
    default: stac.answer(call, grants: handler.grants, job: job)
    }
  }

  /// The attempt has ended: what it left open is closed. Quick; called on the pool's thread.
  func ended(_ token: Int64) { storage.ended(token) }
}
