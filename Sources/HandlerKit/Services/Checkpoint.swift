internal import HandlerABI

/// Small state kept between the attempts of one task, at most 1 MiB; the last save wins.
public struct Checkpoint {
  private let task: Task

  init(_ task: Task) {
    self.task = task
  }

  /// nil if no attempt has saved any.
  public func load() throws(HandlerError) -> [UInt8]? {
    let (pointer, table) = try task.door(.checkpoint, as: weir_checkpoint.self)
    var out = weir_bytes()
    let status = table.pointee.load(pointer, &out)
    if status == Status.notFound.code { return nil }
    try task.require(status, "checkpoint load")
    return task.take(&out)
  }

  /// Durable when it returns.
  public func save(_ state: [UInt8]) throws(HandlerError) {
    let (pointer, table) = try task.door(.checkpoint, as: weir_checkpoint.self)
    try task.require(HostBytes.lend(state[...]) { table.pointee.save(pointer, $0) }, "checkpoint save")
  }
}

extension Task {
  /// Its calls throw `.denied` if the handler did not declare it or the operator did not grant it.
  public var checkpoint: Checkpoint { Checkpoint(self) }
}
