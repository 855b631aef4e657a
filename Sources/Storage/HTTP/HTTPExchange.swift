internal import CCurl
internal import Glibc

/// A request under way: its head is there, its body comes as it is pulled. One thread at a time.
///
/// Pull to the end, and the connection serves the next request; let go before, and it is closed.
public final class HTTPExchange: @unchecked Sendable {  // one thread at a time, as every stream here
  private let request: HTTPRequest
  private let settings: HTTPSettings
  private let connections: HTTPConnections
  private let cancel: Cancellation
  private let traffic: HTTPTraffic
  private var handle: CurlHandle?
  private var headers: UnsafeMutablePointer<curl_slist>?
  private var resolved: UnsafeMutablePointer<curl_slist>?
  private var outcome: CURLcode?
  /// Where the answer points to, absolute, if it is a redirect.
  private(set) var redirect: String?

  /// A cancelled call is noticed within this time.
  private static let glance: Duration = .milliseconds(50)

  public var head: HTTPHead { traffic.head }

  init(
    _ request: HTTPRequest, _ settings: HTTPSettings, _ connections: HTTPConnections, _ cancel: Cancellation
  ) throws(HTTPError) {
    self.request = request
    self.settings = settings
    self.connections = connections
    self.cancel = cancel
    traffic = HTTPTraffic(request, settings)
    guard ["http://", "https://"].contains(where: { request.url.lowercased().hasPrefix($0) }) else { throw error(.badURL) }
    if let header = request.headers.first(where: { !Self.isHeader($0) }) { throw error(.badHeader(header.name)) }
    guard !cancel.isCancelled else { throw error(.cancelled) }
    guard let handle = connections.take(request.origin) else { throw error(.noConnection, "out of memory") }
    self.handle = handle
    configure(handle)
    guard curl_multi_add_handle(handle.multiRaw, handle.raw) == CURLM_OK else { throw error(.noConnection) }
  }

  deinit {
    release(keeps: false)
  }

  /// Whether it is one line, and stays one: a line break would begin another header.
  private static func isHeader(_ header: (name: String, value: String)) -> Bool {
    let marks = Set("!#$%&'*+-.^_`|~".utf8)
    func isInName(_ byte: UInt8) -> Bool {
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || marks.contains(byte)
    }
    return !header.name.isEmpty && header.name.utf8.allSatisfy(isInName)
      && header.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 9 }
  }

  private func configure(_ handle: CurlHandle) {
    handle.prepare(settings)
    handle.set(CURLOPT_URL, request.url)
    if let deadline = request.deadline { handle.set(CURLOPT_TIMEOUT_MS, deadline.milliseconds) }
    if request.method == "HEAD" { handle.set(CURLOPT_NOBODY, 1) }
    let names = request.headers.map { $0.name.lowercased() }
    switch request.body {
    case .none:
      if ["PUT", "POST", "PATCH"].contains(request.method) { post(handle, [], names) }
    case .bytes(let bytes): post(handle, bytes, names)
    case .source(let source):
      if let size = source.size { post(handle, size: size, names) } else { handle.set(CURLOPT_UPLOAD, 1) }
    }
    if request.method != "HEAD" { handle.set(CURLOPT_CUSTOMREQUEST, request.method) }
    for address in settings.addresses { resolved = curl_slist_append(resolved, address) }
    for header in request.headers {
      // with nothing behind the colon libcurl would take the header out
      headers = curl_slist_append(headers, header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
    }
    weir_curl_set_list(handle.raw, CURLOPT_HTTPHEADER, headers)
    weir_curl_set_list(handle.raw, CURLOPT_RESOLVE, resolved)
    traffic.attach(to: handle)
  }

  /// As libcurl posts: an upload would ask the server's leave (Expect) for every body, however small.
  private func post(_ handle: CurlHandle, _ bytes: [UInt8], _ names: [String]) {
    post(handle, size: UInt64(bytes.count), names)
    // so small that it goes out together with the head
    guard bytes.count < 60_000 else { return }
    bytes.withUnsafeBytes { weir_curl_copy_body(handle.raw, $0.baseAddress, $0.count) }
  }

  private func post(_ handle: CurlHandle, size: UInt64, _ names: [String]) {
    handle.set(CURLOPT_POST, 1)
    handle.set(CURLOPT_POSTFIELDSIZE_LARGE, size: size)
    // libcurl would say that it is a form
    if !names.contains("content-type") { headers = curl_slist_append(headers, "Content-Type:") }
  }

  /// Waits until the head of the answer is there.
  func begin() throws(HTTPError) {
    try drive { traffic.isHeadComplete }
    noteRedirect()
  }

  private func noteRedirect() {
    guard (300..<400).contains(head.status), let handle, let target = weir_curl_text(handle.raw, CURLINFO_REDIRECT_URL) else { return }
    redirect = String(cString: target)
  }

  /// The rest of the body whole.
  func rest() throws(HTTPError) -> [UInt8] {
    traffic.isUnbounded = true
    resume()
    try drive { false }
    return traffic.takeKept()
  }

  /// Fills up to `into.count` bytes; 0 is the end.
  public func pull(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPError) -> Int {
    guard !buffer.isEmpty else { return 0 }
    return try traffic.fill(buffer) { () throws(HTTPError) in
      resume()
      try drive { traffic.hasFilled(buffer) }
    }
  }

  private func resume() {
    guard traffic.isPaused, let handle, outcome == nil else { return }
    traffic.resumed()
    curl_easy_pause(handle.raw, CURLPAUSE_CONT)
  }

  /// Lets libcurl work until `isEnough` or the transfer's end.
  private func drive(until isEnough: () -> Bool) throws(HTTPError) {
    var moved = traffic.moved
    var quiet = ContinuousClock.now
    while outcome == nil, let handle {
      var running: Int32 = 0
      guard curl_multi_perform(handle.multiRaw, &running) == CURLM_OK else { throw fail(.cut, "libcurl cannot go on") }
      let ended = weir_curl_outcome(handle.multiRaw)
      if ended >= 0 { try finish(CURLcode(UInt32(ended))) }
      if outcome == nil, traffic.isTooLarge { throw fail(.tooLarge(limit: request.maxBytes ?? 0)) }
      if outcome != nil || isEnough() { return }
      if cancel.isCancelled { throw fail(.cancelled) }
      if traffic.moved != moved {
        (moved, quiet) = (traffic.moved, .now)
      } else if ContinuousClock.now - quiet > settings.stall {
        throw fail(.stalled(settings.stall))
      }
      curl_multi_poll(handle.multiRaw, nil, 0, Int32(Self.glance.milliseconds), nil)
    }
  }

  private func finish(_ code: CURLcode) throws(HTTPError) {
    outcome = code
    let said = handle?.said
    noteRedirect()
    release(keeps: code == CURLE_OK)
    guard code != CURLE_OK else {
      if traffic.isHeadComplete { return }
      throw error(.cut, "the answer has no head")
    }
    throw error(self.code(of: code), said ?? String(cString: curl_easy_strerror(code)))
  }

  private func code(of code: CURLcode) -> HTTPError.Code {
    if let address = traffic.refusedAddress { return .forbiddenAddress(address) }
    if traffic.isTooLarge { return .tooLarge(limit: request.maxBytes ?? 0) }
    switch code {
    case CURLE_URL_MALFORMAT: return .badURL
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return .noAddress
    case CURLE_COULDNT_CONNECT: return .noConnection
    case CURLE_OPERATION_TIMEDOUT: return .late
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM: return .notTrusted
    default: return .cut
    }
  }

  private func fail(_ code: HTTPError.Code, _ cause: String? = nil) -> HTTPError {
    outcome = CURLE_ABORTED_BY_CALLBACK
    release(keeps: false)
    return error(code, cause)
  }

  private func error(_ code: HTTPError.Code, _ cause: String? = nil) -> HTTPError {
    HTTPError(code, HTTPRequest.subject(request.url), cause: cause)
  }

  /// Ends the transfer; what is not at its end loses its connection.
  private func release(keeps: Bool) {
    guard let handle else { return }
    self.handle = nil
    curl_multi_remove_handle(handle.multiRaw, handle.raw)
    curl_easy_reset(handle.raw)
    curl_slist_free_all(headers)
    curl_slist_free_all(resolved)
    (headers, resolved) = (nil, nil)
    if keeps { connections.give(handle, request.origin) }
  }
}
