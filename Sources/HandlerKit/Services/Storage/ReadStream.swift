internal import HandlerABI

/// An object read from its start, however large it is.
public final class ReadStream {
  private let storage: Storage
  private let name: String
  private var stream: OpaquePointer?

  init(_ storage: Storage, _ stream: OpaquePointer?, _ name: String) {
    self.storage = storage
    self.stream = stream
    self.name = name
  }

  deinit { close() }

  /// The next bytes, at most `count`; empty at the end.
  public func read(_ count: Int = 1 << 20) throws(HandlerError) -> [UInt8] {
    let (_, table) = try storage.door()
    guard let stream else { throw HandlerError(.misuse, "\(name) was read after its stream was closed.") }
    var status = Status.ok.code
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      var got: UInt64 = 0
      status = table.pointee.pull(stream, buffer.baseAddress, UInt64(count), &got)
      filled = Int(got)
    }
    try storage.task.require(status, "read \(name)")
    return bytes
  }

  /// Happens by itself when the last reference goes.
  public func close() {
    guard let stream, let (_, table) = try? storage.door() else { return }  // after the task: the host has closed it
    self.stream = nil
    _ = table.pointee.close(stream, 0, nil)
  }
}

extension Storage {
  /// - Throws: `.conflict`, now or later, if the object is not `etag` any more.
  public func openRead(_ container: String?, _ key: String, etag: String? = nil) throws(HandlerError) -> ReadStream {
    let (pointer, table) = try door()
    var stream: OpaquePointer?
    let status = HostBytes.lend(container) { container in
      HostBytes.lend(etag) { table.pointee.open_read(pointer, container, key, $0, &stream) }
    }
    try task.require(status, "open \(place(container, key))")
    return ReadStream(self, stream, place(container, key))
  }
}
