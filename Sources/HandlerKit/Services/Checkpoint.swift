internal import HandlerABI

/// Small state kept between the attempts of one task, at most 1 MiB; the last save wins.
public struct Checkpoint {
    private let task: Task
    private let table: UnsafePointer<weir_checkpoint>

    init(_ task: Task) throws(HandlerError) {
        self.task = task
        table = try task.granted(.checkpoint, as: weir_checkpoint.self)
    }

    /// nil if no attempt has saved any.
    public func load() throws(HandlerError) -> [UInt8]? {
        let pointer = try task.live()
        var out = weir_bytes()
        let status = table.pointee.load(pointer, &out)
        if status == Status.notFound.code { return nil }
        try task.require(status, "checkpoint load")
        return task.take(&out)
    }

    /// Durable when it returns.
    public func save(_ state: [UInt8]) throws(HandlerError) {
        let pointer = try task.live()
        try task.require(HostBytes.lend(state[...]) { table.pointee.save(pointer, $0) }, "checkpoint save")
    }
}

extension Task {
    /// - Throws: `.denied` if the handler did not declare it or the operator did not grant it.
    public var checkpoint: Checkpoint {
        get throws(HandlerError) { try Checkpoint(self) }
    }
}
