public import FoundationEssentials
internal import HandlerABI

/// One unit of work, given to a handler's `run` and of use only until that returns.
public final class Task {
  public let jobID: String, stage: String
  /// The same on every attempt.
  public let id: String
  public let handler: String
  /// 1 on the first try.
  public let attempt: Int
  public let attempts: Int
  /// The process is killed after it.
  public let deadline: Date?
  /// What this task may use: size caches and pools by it. 0: not said.
  public let memoryMB: Int, threads: Int
  /// A private empty directory, removed afterwards.
  public let scratch: String
  /// W3C trace context.
  public let traceparent: String?
  /// What the operator wrote for this plugin.
  public let config: JSONText
  let paramsBytes: [UInt8]

  /// nil once `run` has returned.
  private(set) var pointer: UnsafeMutablePointer<weir_task>?

  init(_ pointer: UnsafeMutablePointer<weir_task>, config: JSONText) {
    let task = pointer.pointee
    self.pointer = pointer
    self.config = config
    jobID = task.job_id.map { String(cString: $0) } ?? ""
    stage = task.stage.map { String(cString: $0) } ?? ""
    id = task.task_id.map { String(cString: $0) } ?? ""
    handler = task.handler.map { String(cString: $0) } ?? ""
    attempt = Int(task.attempt)
    attempts = Int(task.attempts)
    deadline = task.deadline_ms == 0 ? nil : Date(timeIntervalSince1970: Double(task.deadline_ms) / 1000)
    memoryMB = Int(task.memory_mb)
    threads = Int(task.threads)
    scratch = task.scratch.map { String(cString: $0) } ?? ""
    traceparent = task.traceparent.map { String(cString: $0) }
    paramsBytes = HostBytes.copy(task.params)
  }

  /// True if no other attempt follows: reject what cannot be done, do not ask for a retry.
  public var isLastAttempt: Bool { attempt >= attempts }

  /// The params as they were written, for members that must keep their text.
  public var params: JSONText { JSONText(unchecked: paramsBytes[...]) }

  /// True if the handler declared the service and the operator granted it: always, for what it cannot run without.
  public func isGranted(_ service: Service) -> Bool {
    table(service, as: UInt8.self) != nil
  }

  // MARK: What comes out

  /// Appends one value to this task's items. Blocks while the host is behind.
  public func emit(_ item: JSONText) throws(HandlerError) {
    let task = try live()
    try require(HostBytes.lend(item.bytes) { task.pointee.emit(task, $0) }, "emit")
  }

  public func emit(_ item: some Encodable) throws {
    try emit(encode(item))
  }

  /// Says that one element, known by its id or path, could not be processed, while the others go on.
  ///
  /// Committed with the task, counted by the stage's tolerance, listed in the job's report.
  public func reject(_ subject: String, _ reason: HandlerError) throws(HandlerError) {
    let task = try live()
    let status = HostBytes.lend(reason.details?.text) { details in
      task.pointee.reject(task, subject, reason.status.code, reason.message, details)
    }
    try require(status, "reject")
  }

  func setResult(_ json: JSONText) throws(HandlerError) {
    let task = try live()
    try require(HostBytes.lend(json.bytes) { task.pointee.result(task, $0) }, "result")
  }

  func fail(_ error: HandlerError) -> weir_status {
    guard let pointer else { return error.status.code }
    return HostBytes.lend(error.details?.text) { pointer.pointee.fail(pointer, error.status.code, error.message, $0) }
  }

  func encode(_ value: some Encodable) throws -> JSONText {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return JSONText(unchecked: Array(try encoder.encode(value))[...])
  }

  // MARK: The door

  func end() { pointer = nil }

  func live() throws(HandlerError) -> UnsafeMutablePointer<weir_task> {
    guard let pointer else {
      throw HandlerError(.misuse, "\(handler): a task was used after its handler had returned.")
    }
    return pointer
  }

  /// The service's table; nil if the handler did not declare it or the operator did not grant it.
  func table<T>(_ service: Service, as type: T.Type) -> UnsafePointer<T>? {
    guard let pointer, let table = pointer.pointee.service(pointer, service.id) else { return nil }
    return table.assumingMemoryBound(to: type)
  }

  /// What a call of a service needs; throws `.denied` without the service, and `.misuse` after `run`.
  func door<T>(_ service: Service, as type: T.Type) throws(HandlerError) -> (UnsafeMutablePointer<weir_task>, UnsafePointer<T>) {
    let pointer = try live()
    if let table = table(service, as: type) { return (pointer, table) }
    throw HandlerError(
      .denied, "\(handler): \(service.id) was not granted. Declare it in the handler, and grant it in the plugin's manifest.")
  }

  /// Throws what the host says about a call that failed; `call` names it and its subject.
  func require(_ status: weir_status, _ call: @autoclosure () -> String) throws(HandlerError) {
    if status != Status.ok.code { throw problem(Status(code: status), call()) }
  }

  /// Throws `.cancelled` if that is why an element of a batch failed: nobody shall take it for the element's own fault.
  func goOn(_ failures: [Status], _ call: @autoclosure () -> String) throws(HandlerError) {
    if failures.contains(.cancelled) { throw HandlerError(.cancelled, "\(call()): cancelled") }
  }

  func problem(_ status: Status, _ call: String) -> HandlerError {
    let cause = lastError()
    let reason = cause?["message"]?.string ?? "status \(status.code)"
    let details = JSONText.object([
      "retry_after_ms": cause?["retry_after_ms"], "sqlstate": cause?["sqlstate"], "http_status": cause?["http_status"],
    ])
    return HandlerError(status, "\(call): \(reason)", details: details.members.isEmpty ? nil : details)
  }

  /// Copies a buffer of the host and gives it back.
  func take(_ bytes: inout weir_bytes) -> [UInt8] {
    let copy = HostBytes.copy(bytes)
    if let pointer, bytes.data != nil { pointer.pointee.release(pointer, &bytes) }
    return copy
  }

  private func lastError() -> JSONText? {
    guard let pointer else { return nil }
    var out = weir_bytes()
    guard pointer.pointee.last_error(pointer, &out) == Status.ok.code else { return nil }
    return try? JSONText(validating: take(&out))  // a host that explains itself badly does not hide the failure
  }
}
