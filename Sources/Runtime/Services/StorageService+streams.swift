import Runners
import Storage
import Workflow

extension StorageService {
  private static let mostPiece = 1 << 20

  func openRead(_ call: StorageCall) throws {
    var reader = call.call.reader
    let store = try call.store(try reader.text(), .source)
    let key = try ObjectKey(try reader.requiredText("key"))
    let stream = try store.openRead(key, range: .all, etag: try reader.text(), cancel: call.cancel)
    try open(call, .read(stream))
  }

  func openWrite(_ call: StorageCall) throws {
    var reader = call.call.reader
    let container = try reader.text()
    let key = try reader.requiredText("key")
    let options = try WriteOptions(json: try reader.text(), subject: "\(container ?? "scratch")/\(key)")
    let store = try call.store(container, .target)
    let stream = try store.openWrite(try ObjectKey(key), options: options, isVerified: false, cancel: call.cancel)
    try open(call, .write(stream))
  }

  private func open(_ call: StorageCall, _ stream: OpenStreams.Stream) throws {
    guard let number = streams.add(stream, of: call.call.token) else {
      Self.abort(stream)
      throw StorageError(.invalid("more than \(OpenStreams.limit) streams are open: close some first"), "stream")
    }
    // The attempt may have ended while this call was on its way: then nobody would close the stream. A call is cancelled
    // before its attempt's streams are ended, so one of the two sees it.
    if call.call.isCancelled {
      if let left = streams.take(number, of: call.call.token) { Self.abort(left) }
      throw StorageError(.cancelled, "stream")
    }
    var fields = FrameWriter()
    fields.unsigned(number)
    call.call.reply(fields: fields)
  }

  func pull(_ call: StorageCall) throws {
    var reader = call.call.reader
    let number = try reader.unsigned()
    let capacity = try reader.count(limit: Self.mostPiece)
    guard case .read(let stream)? = streams.stream(number, of: call.call.token) else { throw noStream(number) }
    var failure: StorageError?
    let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      do throws(StorageError) { count = try stream.pull(into: UnsafeMutableRawBufferPointer(buffer)) } catch { failure = error }
    }
    if let failure { throw failure }
    var fields = FrameWriter()
    fields.bytes(bytes)
    call.call.reply(fields: fields)
  }

  func push(_ call: StorageCall) throws {
    var reader = call.call.reader
    let number = try reader.unsigned()
    let bytes = Array(try reader.bytes() ?? [])
    guard case .write(let stream)? = streams.stream(number, of: call.call.token) else { throw noStream(number) }
    var failure: StorageError?
    bytes.withUnsafeBytes { raw in
      do throws(StorageError) { try stream.push(raw) } catch { failure = error }
    }
    if let failure { throw failure }
    call.call.reply()
  }

  func close(_ call: StorageCall) throws {
    var reader = call.call.reader
    let number = try reader.unsigned()
    let commits = try reader.unsigned() != 0
    switch streams.take(number, of: call.call.token) {
    case .read?:
      var fields = FrameWriter()
      fields.bytes([UInt8]?.none)
      call.call.reply(fields: fields)
    case .write(let stream)? where commits: call.reply(json: try stream.commit().head.json)
    case .write(let stream)?:
      stream.abort()
      var fields = FrameWriter()
      fields.bytes([UInt8]?.none)
      call.call.reply(fields: fields)
    case nil: throw noStream(number)
    }
  }

  private func noStream(_ number: UInt64) -> StorageError {
    StorageError(.invalid("there is no open stream \(number) of that kind"), "stream")
  }
}
