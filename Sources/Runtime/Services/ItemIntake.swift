import Engine
import Logging
import Runners

/// Takes the items and rejects of attempts that emit more than one outcome carries, and spools them.
struct ItemIntake: Sendable {
  let spool: ItemSpool
  let logger: Logger

  /// Stores one chunk and gives its credit back. Blocks; one chunk of an attempt at a time.
  ///
  /// When the chunk cannot be stored the attempt fails, whatever its handler returns.
  func take(_ chunk: EmittedChunk, of inFlight: InFlightTask) {
    defer { chunk.credit() }
    guard inFlight.emitted.fault == nil else { return }
    let kind: ItemKind = chunk.kind == .items ? .item : .reject
    if kind == .item, let fault = ItemCheck(handler: inFlight.handler).fault(in: chunk.ndjson, count: chunk.count) {
      return inFlight.emitted.fail(fault)
    }
    let first = inFlight.emitted.take(chunk.count, of: kind)
    do {
      let isCurrent = try spool.append(
        token: inFlight.task.token, kind: kind, first: first, count: chunk.count, ndjson: chunk.ndjson)
      if !isCurrent { inFlight.emitted.fail("the attempt was given up while it emitted items") }
    } catch {
      logger.warning("Cannot store items", metadata: ["error": "\(String(reflecting: error))"])
      inFlight.emitted.fail("its items could not be stored; the host's log has the reason")
    }
  }
}
