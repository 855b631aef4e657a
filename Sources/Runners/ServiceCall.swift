public import Workflow
internal import Glibc
internal import Synchronization

/// One question of a handler to the host: answered exactly once, from any thread, at any later time.
///
/// An answer after the task was cancelled or its runner died goes nowhere. A call that is dropped without an answer is
/// answered `WEIR_FAILED`, so that no handler waits for ever.
public final class ServiceCall: Sendable {
  public let token: Int64
  public let code: ServiceCode
  /// The fields, in the order that `frames.h` gives.
  public let payload: [UInt8]
  /// The scratch directory of the task, for the calls that name files in it.
  public let scratch: String
  private let answer: @Sendable (Answer) -> Void
  private let isAnswered = Atomic(false)
  private let cancelled = Atomic(false)

  struct Answer: Sendable {
    /// Status and last_error.
    var head: [UInt8]
    /// The call's own fields, apart so that large ones are not copied.
    var fields: [UInt8]
    /// Sent with the reply, and closed then.
    var descriptor: Int32?
  }

  init(
    token: Int64, code: ServiceCode, payload: [UInt8], scratch: String, answer: @escaping @Sendable (Answer) -> Void
  ) {
    self.token = token
    self.code = code
    self.payload = payload
    self.scratch = scratch
    self.answer = answer
  }

  deinit {
    if !isAnswered.load(ordering: .acquiring) { refuse("the host dropped the call without an answer", status: 200) }
  }

  public var name: String { code.name }

  /// The task was cancelled or its runner is gone: work for this call is in vain.
  public var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  public var reader: FrameReader { FrameReader(payload) }

  /// Answers; only the first answer counts.
  ///
  /// - Parameters:
  ///   - lastError: `{"call","status","message",...}` for a status other than 0; see `refuse`.
  ///   - fields: what `frames.h` lists for this call after status and last_error.
  ///   - descriptor: for `openFile`; the pool closes it.
  public func reply(status: Int32 = 0, lastError: RawJSON? = nil, fields: FrameWriter? = nil, descriptor: Int32? = nil) {
    guard !isAnswered.exchange(true, ordering: .acquiringAndReleasing) else { return }
    var head = FrameWriter()
    head.signed(Int64(status))
    head.bytes(lastError?.bytes)
    answer(Answer(head: head.bytes, fields: fields?.bytes ?? code.emptyFields, descriptor: descriptor))
  }

  /// Answers with a failure and its reason; 205 is `WEIR_UNSUPPORTED`.
  ///
  /// - Parameters:
  ///   - more: members of `last_error` besides: "sqlstate", "http_status", "retry_after_ms".
  ///   - fields: what the call answers although it failed.
  public func refuse(
    _ message: String, status: Int32 = 205, more: [(key: String, value: JSON)] = [], fields: FrameWriter? = nil
  ) {
    reply(status: status, lastError: code.lastError(status: status, message, more), fields: fields)
  }

  func cancel() {
    cancelled.store(true, ordering: .relaxed)
  }
}

extension ServiceCall.Answer {
  /// Nobody waits for it any more.
  func discard() {
    if let descriptor { close(descriptor) }
  }
}

extension ServiceCode {
  func refusal(status: Int32, _ message: String) -> ServiceCall.Answer {
    var head = FrameWriter()
    head.signed(Int64(status))
    head.bytes(lastError(status: status, message).bytes)
    return ServiceCall.Answer(head: head.bytes, fields: emptyFields)
  }

  fileprivate func lastError(status: Int32, _ message: String, _ more: [(key: String, value: JSON)] = []) -> RawJSON {
    let members = [("call", JSON(name)), ("status", JSON(Int(status))), ("message", JSON(message))]
    return RawJSON(.object(JSONObject(members + more.map { ($0.key, $0.value) })))
  }

  /// The NULLs and zeros that stand in the fields' places after a failure.
  fileprivate var emptyFields: [UInt8] {
    var fields = FrameWriter()
    switch self {
    case .checkpointSave, .makeContainer, .remove, .openFile, .push, .prepare, .copyIn, .copyData, .end: break
    case .readMany, .openRead, .openWrite, .begin, .copyEnd: fields.unsigned(0)
    case .request:
      fields.bytes([UInt8]?.none)
      fields.bytes([UInt8]?.none)
    default: fields.bytes([UInt8]?.none)
    }
    return fields.bytes
  }
}
