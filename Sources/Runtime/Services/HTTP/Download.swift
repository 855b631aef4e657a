import Storage

/// One 2xx answer on its way into an object, over as many connections as it takes while the server's ETag holds.
struct Download {
  let conversation: HTTPConversation
  /// Opens the object anew: what was pushed before never appears.
  let open: () throws(StorageError) -> any ObjectWriteStream
  let partial: PartialFile?
  /// Bytes done, and all of them or 0.
  let progress: (UInt64, UInt64) -> Void
  /// Shorter answers are not kept for another attempt: asking again is as quick.
  let keepsFrom: UInt64

  struct Outcome {
    var head: HTTPHead
    /// Nil where nothing was written.
    var written: WriteResult?
    var fault: ServiceFault?
  }

  /// How far one version has come.
  private struct State {
    var stream: (any ObjectWriteStream)?
    /// Strong, or nil: then only the whole can be asked for.
    var etag: String?
    var done: UInt64 = 0
    var total: UInt64?
  }

  /// What came of one connection.
  private enum Leg {
    case ended(Outcome)
    case failed(HTTPFailure, head: HTTPHead?)
  }

  func run() throws(ServiceFault) -> Outcome {
    var tries = conversation.tries
    var state = State(etag: partial?.etag, done: partial?.etag == nil ? 0 : partial?.size ?? 0)
    var furthest = state.done
    defer { state.stream?.abort() }
    while true {
      let failure: HTTPFailure
      let head: HTTPHead?
      switch try leg(&state, left: tries.left) {
      case .ended(let outcome): return outcome
      case .failed(let why, let answered): (failure, head) = (why, answered)
      }
      // a server that brings the same part again and again brings nothing
      if state.etag != nil, state.done > furthest { tries.progressed() }
      furthest = max(furthest, state.done)
      if state.etag == nil { restart(&state) }
      guard let fault = tries.pause(after: failure) else { continue }
      guard let head, fault.status != ServiceFault.cancelled else { throw fault }
      return Outcome(head: head, fault: fault)
    }
  }

  /// One connection.
  private func leg(_ state: inout State, left: Duration?) throws(ServiceFault) -> Leg {
    var more: [(name: String, value: String)] = []
    if let etag = state.etag, state.done > 0 { more = [("Range", "bytes=\(state.done)-"), ("If-Range", etag)] }
    let limit = conversation.call.maxBytes
    let exchange: HTTPExchange
    do throws(HTTPFailure) {
      exchange = try conversation.open(adding: more, left: left)
    } catch {
      return .failed(error, head: nil)
    }
    let head = exchange.head
    if head.status == 304 { return .ended(Outcome(head: head)) }
    if head.status == 416, !more.isEmpty { return startOver(&state, "the server has nothing from byte \(state.done) on") }
    if let failure = conversation.failure(head) { return .failed(failure, head: head) }
    if head.status == 206 {
      guard let range = ContentRange(head), range.first == state.done, !more.isEmpty, head["etag"] == nil || head["etag"] == state.etag
      else {
        return startOver(&state, "the server sent another part than it was asked for")
      }
      state.total = range.total
    } else {
      restart(&state)
      (state.etag, state.total) = (Self.strong(head), head.contentLength)
      if let limit, let total = state.total, total > limit { return tooLarge(head, limit) }
      if let etag = state.etag, state.total.map({ $0 >= keepsFrom }) ?? true { partial?.begin(etag: etag) } else { partial?.forget() }
    }
    return try take(exchange, &state)
  }

  private func take(_ exchange: HTTPExchange, _ state: inout State) throws(ServiceFault) -> Leg {
    guard try ensureStream(&state) else { return startOver(&state, "the part that was kept cannot be read") }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
    defer { buffer.deallocate() }
    while true {
      let got: Int
      do throws(HTTPError) { got = try exchange.pull(into: buffer) } catch {
        return .failed(HTTPFailure(error, isRepeatable: conversation.call.isRepeatable), head: nil)
      }
      if got == 0 { break }
      if let limit = conversation.call.maxBytes, state.done + UInt64(got) > limit { return tooLarge(exchange.head, limit) }
      let piece = UnsafeRawBufferPointer(rebasing: buffer[..<got])
      try stored { () throws(StorageError) in try state.stream?.push(piece) }
      partial?.append(piece)
      state.done += UInt64(got)
      progress(state.done, state.total ?? 0)
    }
    if let total = state.total, state.done != total {
      return .failed(
        HTTPFailure(
          ServiceFault(ServiceFault.unreachable, "\(conversation.call.url.subject): \(state.done) of \(total) bytes came"), mayPass: true),
        head: nil)
    }
    guard let stream = state.stream else { return startOver(&state, "there is no stream") }
    state.stream = nil
    let written = try stored { () throws(StorageError) in try stream.commit() }
    partial?.forget()
    return .ended(Outcome(head: exchange.head, written: written))
  }

  /// Opens the object, with what an earlier attempt kept in front; false when that cannot be read.
  private func ensureStream(_ state: inout State) throws(ServiceFault) -> Bool {
    guard state.stream == nil else { return true }
    let stream = try stored { () throws(StorageError) in try open() }
    state.stream = stream
    guard state.done > 0 else { return true }
    guard let partial else { return false }
    let done = state.done
    return try stored { () throws(StorageError) in
      try partial.forEachPiece(done) { piece throws(StorageError) in try stream.push(piece) }
    }
  }

  private func startOver(_ state: inout State, _ why: String) -> Leg {
    restart(&state)
    state.etag = nil
    partial?.forget()
    return .failed(
      HTTPFailure(ServiceFault(100, "\(conversation.call.url.subject): \(why)"), mayPass: true), head: nil)
  }

  private func restart(_ state: inout State) {
    state.stream?.abort()
    state.stream = nil
    state.done = 0
    state.total = nil
  }

  private func tooLarge(_ head: HTTPHead, _ limit: UInt64) -> Leg {
    partial?.forget()
    return .ended(Outcome(head: head, fault: conversation.tooLarge(limit)))
  }

  private func stored<T>(_ body: () throws(StorageError) -> T) throws(ServiceFault) -> T {
    do throws(StorageError) { return try body() } catch { throw ServiceFault(error.status.rawValue, error.description) }
  }

  /// Weak tags say nothing of bytes.
  private static func strong(_ head: HTTPHead) -> String? {
    guard let etag = head["etag"], etag.hasPrefix("\""), head["accept-ranges"] != "none" else { return nil }
    return etag
  }
}

/// `Content-Range: bytes 10-99/100`
private struct ContentRange {
  let first: UInt64
  let total: UInt64?

  init?(_ head: HTTPHead) {
    guard let text = head["content-range"], text.hasPrefix("bytes "), let dash = text.firstIndex(of: "-"),
      let slash = text.lastIndex(of: "/"), dash < slash, let first = UInt64(text[..<dash].dropFirst("bytes ".count))
    else { return nil }
    self.first = first
    total = UInt64(text[text.index(after: slash)...])
  }
}
