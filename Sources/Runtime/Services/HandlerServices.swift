import Engine
import Logging
import Runners

/// Answers the service calls of handlers. Called on the pool's thread: what blocks is done on threads of its own.
final class HandlerServices: Sendable {
  private let threads: ServiceThreads
  private let checkpoints: CheckpointService
  private let storage: StorageService
  private let stac: StacService
  private let sql: SQLService
  private let http: HTTPService

  init(
    threads: ServiceThreads, checkpoints: CheckpointService, storage: StorageService, stac: StacService, sql: SQLService,
    http: HTTPService
  ) {
    self.threads = threads
    self.checkpoints = checkpoints
    self.storage = storage
    self.stac = stac
    self.sql = sql
    self.http = http
  }

  /// Takes one call of a running attempt and answers it later, exactly once.
  func take(_ call: ServiceCall, of inFlight: InFlightTask, caller: HTTPService.Caller) {
    let handler = inFlight.handler
    guard handler.services.contains(call.code.service) else {
      return call.refuse("\(call.code.service) is not granted to \(handler.name)", status: 201)
    }
    switch call.code.service {
    case "weir.checkpoint/1": threads.perform { [checkpoints] in checkpoints.answer(call) }
    case "weir.storage/1": threads.perform { [storage] in storage.answer(call, grants: handler.grants, from: inFlight.origin) }
    case "weir.sql/1": sql.take(call, grants: handler.grants)
    case "weir.http/1": http.take(call, grants: handler.grants, caller: caller)
    default: threads.perform { [stac] in stac.answer(call, grants: handler.grants, from: inFlight.origin) }
    }
  }

  /// The attempt has ended: what it left open is closed. Quick.
  func ended(_ token: Int64) {
    storage.ended(token)
    sql.ended(token)
  }

  /// The host stops: no call comes any more.
  func close() { sql.close() }
}
