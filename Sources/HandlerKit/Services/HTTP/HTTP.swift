internal import HandlerABI

/// Requests to the servers that the operator granted. The host repeats what may pass, follows redirects and adds credentials.
public struct HTTP {
  private let task: Task

  init(_ task: Task) {
    self.task = task
  }

  /// Asks and takes the answer into memory: at most 64 MiB.
  /// - Throws: unless the answer is 2xx or 304: `.denied` for 401 and 403, `.notFound` for 404 and 410, `.tooLarge` over `maxBytes`,
  ///   a retryable status with `retry_after_ms` where the host gave up repeating, else `.failed`; `details` has `http_status`.
  public func request(_ request: HTTPRequest) throws(HandlerError) -> HTTPAnswer {
    let answer = try self.answer(to: request)
    if let failure = answer.failure { throw failure }
    return answer
  }

  /// As `request`, but an answer of any status is given, with its body and its `failure`.
  /// - Throws: what kept an answer from coming.
  public func answer(to request: HTTPRequest) throws(HandlerError) -> HTTPAnswer {
    let (pointer, table) = try task.door(.http, as: weir_http.self)
    var head = weir_bytes()
    var out = weir_bytes()
    let status = HostBytes.lend(request.json.text) { text in
      HostBytes.lend(request.body[...]) { table.pointee.request(pointer, text, $0, &head, &out) }
    }
    return try answer(Status(code: status), &head, &out, request)
  }

  /// Streams a 2xx answer into an object, however large it is; after a cut it goes on where it stopped while the ETag holds,
  /// also in the task's next attempt. A container of nil is the task's scratch.
  ///
  /// The answer's `object` is nil if nothing was written, as for 304.
  public func download(
    _ request: HTTPRequest, to container: String?, _ key: String, options: WriteOptions = WriteOptions()
  ) throws(HandlerError) -> HTTPAnswer {
    let (pointer, table) = try task.door(.http, as: weir_http.self)
    var head = weir_bytes()
    var none = weir_bytes()
    let status = HostBytes.lend(request.json.text) { text in
      HostBytes.lend(container) { container in
        HostBytes.lend(options.text) { options in
          HostBytes.lend(request.body[...]) { table.pointee.to_object(pointer, text, $0, container, key, options, &head) }
        }
      }
    }
    let answer = try answer(Status(code: status), &head, &none, request)
    if let failure = answer.failure { throw failure }
    return answer
  }

  private func answer(
    _ status: Status, _ head: inout weir_bytes, _ out: inout weir_bytes, _ request: HTTPRequest
  ) throws(HandlerError) -> HTTPAnswer {
    let place = "\(request.method) \(request.url.prefix { $0 != "?" })"
    let failure = status == .ok ? nil : task.problem(status, place)
    if let failure, head.size == 0 { throw failure }
    do {
      let json = try JSONText(validating: task.take(&head))
      return HTTPAnswer(json, body: task.take(&out), failure: failure)
    } catch {
      throw HandlerError(.failed, "\(place): the host's answer is not JSON: \(error)")
    }
  }
}

extension Task {
  /// Its calls throw `.denied` if the handler did not declare it or the operator did not grant the server.
  public var http: HTTP { HTTP(self) }
}
