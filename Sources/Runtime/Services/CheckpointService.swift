import Engine
import Logging
import Runners

/// `weir.checkpoint/1`.
struct CheckpointService: Sendable {
  let checkpoints: Checkpoints
  let logger: Logger
  /// As WEIR_MAX_ITEM.
  private let limit = 1 << 20

  init(checkpoints: Checkpoints, logger: Logger) {
    self.checkpoints = checkpoints
    self.logger = logger
  }

  func answer(_ call: ServiceCall) {
    do {
      if call.code == .checkpointLoad {
        guard let state = try checkpoints.load(token: call.token) else {
          return call.refuse("the task has saved no checkpoint", status: 202)
        }
        var fields = FrameWriter()
        fields.bytes(state)
        return call.reply(fields: fields)
      }
      var reader = call.reader
      let state = Array(try reader.bytes() ?? [])
      guard state.count <= limit else {
        return call.refuse("a checkpoint of \(state.count) bytes; the most is \(limit)", status: 204)
      }
      guard try checkpoints.save(state, token: call.token) else {
        return call.refuse("the attempt was given up", status: 400)
      }
      call.reply()
    } catch let error as FrameError {
      call.refuse(error.message, status: 206)
    } catch {
      logger.warning("Cannot reach the checkpoints", metadata: ["error": "\(String(reflecting: error))"])
      call.refuse("the host's database does not answer", status: 103)
    }
  }
}
