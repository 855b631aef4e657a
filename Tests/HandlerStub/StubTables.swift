import HandlerABI
import HandlerKit

/// The tables of the small services; they are made once.
enum StubTables {
  static func table(_ id: String) -> UnsafeRawPointer? {
    switch id {
    case WEIR_LOG: UnsafeRawPointer(log)
    case WEIR_METRIC: UnsafeRawPointer(metric)
    case WEIR_PROGRESS: UnsafeRawPointer(progress)
    case WEIR_CANCEL: UnsafeRawPointer(cancel)
    case WEIR_CHECKPOINT: UnsafeRawPointer(checkpoint)
    case WEIR_STORAGE: UnsafeRawPointer(StubStorage.table)
    case WEIR_STAC: UnsafeRawPointer(StubStac.table)
    case WEIR_SQL: UnsafeRawPointer(StubSQL.table)
    case WEIR_HTTP: UnsafeRawPointer(StubHTTP.table)
    default: nil
    }
  }

  /// Written once, then only read.
  static func made<T>(_ table: T) -> UnsafePointer<T> {
    let pointer = UnsafeMutablePointer<T>.allocate(capacity: 1)
    pointer.initialize(to: table)
    return UnsafePointer(pointer)
  }

  private nonisolated(unsafe) static let log = made(  // written once
    weir_log(struct_size: UInt32(MemoryLayout<weir_log>.size), min_level: 0) { task, level, message, fields in
      StubHost.of(task).lines.append("\(level) \(StubText.string(message))\(fields.map { " " + String(cString: $0) } ?? "")")
    })

  private nonisolated(unsafe) static let metric = made(  // written once
    weir_metric(struct_size: UInt32(MemoryLayout<weir_metric>.size), reserved: 0) { task, name, value, _ in
      StubHost.of(task).metrics[StubText.string(name), default: 0] += value
      return Int32(WEIR_OK)
    })

  private nonisolated(unsafe) static let progress = made(  // written once
    weir_progress(struct_size: UInt32(MemoryLayout<weir_progress>.size), reserved: 0) { task, done, _, _ in
      StubHost.of(task).progress.append(done)
      return Int32(WEIR_OK)
    })

  private nonisolated(unsafe) static let cancel = made(  // written once
    weir_cancel(
      struct_size: UInt32(MemoryLayout<weir_cancel>.size), reserved: 0, requested: { StubHost.of($0).cancelReason }, fd: { _ in -1 }))

  private nonisolated(unsafe) static let checkpoint = made(  // written once
    weir_checkpoint(
      struct_size: UInt32(MemoryLayout<weir_checkpoint>.size), reserved: 0,
      load: { task, out in
        let host = StubHost.of(task)
        guard let state = host.checkpoint else { return host.fail("checkpoint", WEIR_NOT_FOUND, "none") }
        host.give(state, out)
        return Int32(WEIR_OK)
      },
      save: { task, state in
        StubHost.of(task).checkpoint = StubText.bytes(state)
        return Int32(WEIR_OK)
      }))
}
