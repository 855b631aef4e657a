import Foundation
public import HandlerABI
public import HandlerKit
import Synchronization

/// Calls one handler in this process and keeps what it gave. Storage is a folder of containers, the catalogue a dictionary.
///
/// It keeps the rules of the door: what it passes out lives until `release` or the end of the call, and service tables are
/// NULL unless they are granted.
public final class StubHost {
  public var granted: Set<String>
  public var attempt: UInt32 = 1
  public var attempts: UInt32 = 3
  public var cancelReason: Int32 = 0
  public var config = "{}"

  public internal(set) var status: Int32 = 0
  public internal(set) var failure: StubFailure?
  public internal(set) var items: [JSONText] = []
  public internal(set) var rejects: [StubReject] = []
  public internal(set) var result: JSONText?
  public internal(set) var metrics: [String: Double] = [:]
  public internal(set) var lines: [String] = []
  public internal(set) var progress: [UInt64] = []
  public internal(set) var calls: [String: Int] = [:]
  public var checkpoint: [UInt8]?
  public let storage: StubStorage
  public let stac = StubStac()
  public let sql = StubSQL()
  public let http = StubHTTP()

  var lastError: String?
  private var buffers: [UnsafeMutableRawPointer: Int] = [:]
  /// Buffers passed out and not given back, at the most.
  public private(set) var mostBuffers = 0

  public init(folder: String, granted: Set<String>? = nil) {
    storage = StubStorage(folder: folder)
    self.granted =
      granted ?? [
        WEIR_LOG, WEIR_METRIC, WEIR_PROGRESS, WEIR_CANCEL, WEIR_CHECKPOINT, WEIR_STORAGE, WEIR_STAC, WEIR_SQL,
        WEIR_HTTP,
      ]
  }

  /// Calls `handler` of `plugin` as the host would; true if it ended well.
  @discardableResult
  public func call(_ plugin: UnsafePointer<weir_plugin>, _ handler: String, _ params: String, check: Bool = false) -> Bool {
    Self.turn.withLock { _ in callAlone(plugin, handler, params, check: check) }
  }

  /// One task at a time in a process, as the door promises.
  private static let turn = Mutex(())

  private func callAlone(_ plugin: UnsafePointer<weir_plugin>, _ handler: String, _ params: String, check: Bool) -> Bool {
    (failure, result, lastError) = (nil, nil, nil)
    (items, rejects, lines, progress, metrics, calls) = ([], [], [], [], [:], [:])
    guard let table = Self.handlers(of: plugin).first(where: { String(cString: $0.pointee.name) == handler }) else {
      failure = StubFailure(WEIR_MISUSE, "no handler \(handler)")
      return false
    }
    var host = weir_host()
    host.struct_size = UInt32(MemoryLayout<weir_host>.size)
    config.utf8.withContiguousStorageIfAvailable { bytes in
      host.config = weir_bytes(data: UnsafeRawPointer(bytes.baseAddress), size: UInt64(bytes.count))
      _ = plugin.pointee.open?(&host)
    }
    var task = weir_task()
    fill(&task)
    status = params.withCString { params in
      handler.withCString { name in
        task.params = weir_bytes(data: params, size: UInt64(strlen(params)))
        task.handler = name
        return (check ? table.pointee.check : table.pointee.run)?(&task) ?? Int32(WEIR_OK)
      }
    }
    for buffer in buffers.keys { buffer.deallocate() }
    buffers = [:]
    return status == WEIR_OK
  }

  public static func handlers(of plugin: UnsafePointer<weir_plugin>) -> [UnsafePointer<weir_handler>] {
    var all: [UnsafePointer<weir_handler>] = []
    var next = plugin.pointee.handlers
    while let handler = next?.pointee {
      all.append(handler)
      next = next?.successor()
    }
    return all
  }

  private func fill(_ task: inout weir_task) {
    task.struct_size = UInt32(MemoryLayout<weir_task>.size)
    task.attempt = attempt
    task.attempts = attempts
    task.job_id = StubText.keep("7")
    task.stage = StubText.keep("stage")
    task.task_id = StubText.keep("7/stage/0")
    task.scratch = StubText.keep(storage.scratch)
    task.impl = Unmanaged.passUnretained(self).toOpaque()
    task.service = { task, id in
      let host = StubHost.of(task)
      let id = id.map { String(cString: $0) } ?? ""
      return host.granted.contains(id) ? StubTables.table(id) : nil
    }
    task.emit = { task, item in
      let host = StubHost.of(task)
      guard let json = try? JSONText(validating: StubText.bytes(item)) else { return host.fail("emit", WEIR_INVALID, "not JSON") }
      host.items.append(json)
      return Int32(WEIR_OK)
    }
    task.reject = { task, subject, code, message, details in
      StubHost.of(task).rejects.append(
        StubReject(
          StubText.string(subject), Int(code), StubText.string(message), details: details.map { String(cString: $0) }))
      return Int32(WEIR_OK)
    }
    task.result = { task, json in
      let host = StubHost.of(task)
      guard let json = try? JSONText(validating: StubText.bytes(json)) else { return host.fail("result", WEIR_INVALID, "not JSON") }
      host.result = json
      return Int32(WEIR_OK)
    }
    task.fail = { task, code, message, details in
      StubHost.of(task).failure = StubFailure(Int(code), StubText.string(message), details: details.map { String(cString: $0) })
      return code
    }
    task.release = { task, bytes in
      guard let data = bytes?.pointee.data else { return }
      StubHost.of(task).release(UnsafeMutableRawPointer(mutating: data))
      bytes?.pointee = weir_bytes()
    }
    task.last_error = { task, out in
      let host = StubHost.of(task)
      guard let error = host.lastError else { return Int32(WEIR_NOT_FOUND) }
      host.give(Array(error.utf8), out)
      return Int32(WEIR_OK)
    }
  }

  // MARK: For the service tables

  static func of(_ task: UnsafeMutablePointer<weir_task>?) -> StubHost {
    guard let impl = task?.pointee.impl else { fatalError("a task without its host") }
    return Unmanaged<StubHost>.fromOpaque(impl).takeUnretainedValue()
  }

  func give(_ bytes: [UInt8], _ out: UnsafeMutablePointer<weir_bytes>?) {
    guard let out else { return }
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: max(bytes.count, 1), alignment: 1)
    buffer.copyMemory(from: bytes, byteCount: bytes.count)
    buffers[buffer] = bytes.count
    mostBuffers = max(mostBuffers, buffers.count)
    out.pointee = weir_bytes(data: buffer, size: UInt64(bytes.count))
  }

  func give(_ json: JSONText, _ out: UnsafeMutablePointer<weir_bytes>?) { give(Array(json.bytes), out) }

  private func release(_ buffer: UnsafeMutableRawPointer) {
    if buffers.removeValue(forKey: buffer) != nil { buffer.deallocate() }
  }

  func fail(_ call: String, _ code: Int, _ message: String) -> weir_status {
    lastError = JSONText.object(["call": JSONText(call), "status": JSONText(code), "message": JSONText(message)]).text
    return Int32(code)
  }

  func count(_ call: String) { calls[call, default: 0] += 1 }
}
