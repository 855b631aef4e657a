internal import HandlerABI

/// An object written in pieces, however large it is. It appears when `commit` returns, and never without.
public final class WriteStream {
  private let storage: Storage
  private let name: String
  private var stream: OpaquePointer?

  init(_ storage: Storage, _ stream: OpaquePointer?, _ name: String) {
    self.storage = storage
    self.stream = stream
    self.name = name
  }

  deinit {
    guard let stream, let (_, table) = try? storage.door() else { return }  // after the task: the host has closed it
    _ = table.pointee.close(stream, 0, nil)
  }

  public func write(_ bytes: ArraySlice<UInt8>) throws(HandlerError) {
    let (stream, table) = try open()
    try storage.task.require(HostBytes.lend(bytes) { table.pointee.push(stream, $0) }, "write \(name)")
  }

  public func write(_ bytes: [UInt8]) throws(HandlerError) {
    try write(bytes[...])
  }

  @discardableResult
  public func commit() throws(HandlerError) -> ObjectHead {
    let (stream, table) = try open()
    self.stream = nil
    var head = weir_bytes()
    try storage.task.require(table.pointee.close(stream, 1, &head), "commit \(name)")
    return ObjectHead(try storage.answer(&head, "commit"))
  }

  private func open() throws(HandlerError) -> (OpaquePointer, UnsafePointer<weir_storage>) {
    let (_, table) = try storage.door()
    guard let stream else { throw HandlerError(.misuse, "\(name) was written after its stream was closed.") }
    return (stream, table)
  }
}

extension Storage {
  public func openWrite(
    _ container: String?, _ key: String, options: WriteOptions = WriteOptions()
  ) throws(HandlerError) -> WriteStream {
    let (pointer, table) = try door()
    var stream: OpaquePointer?
    let status = HostBytes.lend(container) { container in
      HostBytes.lend(options.text) { table.pointee.open_write(pointer, container, key, $0, &stream) }
    }
    try task.require(status, "open \(place(container, key))")
    return WriteStream(self, stream, place(container, key))
  }
}
