internal import CCurl
internal import Glibc

/// What libcurl's callbacks fill and empty while a request is under way. One thread at a time.
final class HTTPTraffic {
  /// What may wait here unasked for before the connection is held up.
  private static let most = 256 << 10

  private(set) var head: HTTPHead
  private(set) var isHeadComplete = false
  /// Bytes that came or went.
  private(set) var moved: UInt64 = 0
  private(set) var received: UInt64 = 0
  private(set) var isPaused = false
  private(set) var isTooLarge = false
  private(set) var sourceFailed = false
  private(set) var refusedAddress: String?
  /// Bytes that came and nobody took yet, from `start` on.
  private var kept: [UInt8] = []
  private var start = 0
  /// Where bytes go first.
  private var target = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private let body: HTTPBody
  private var sent = 0
  private let maxBytes: UInt64?
  private let admits: (@Sendable (String) -> Bool)?
  /// Keep everything that comes.
  var isUnbounded = false

  init(_ request: HTTPRequest, _ settings: HTTPSettings) {
    head = HTTPHead(status: 0, url: request.url)
    body = request.body
    maxBytes = request.maxBytes
    admits = settings.admits
  }

  var isEmpty: Bool { start == kept.count }

  func redirectedURL(_ url: String) { head.url = url }

  /// Moves what waits into `buffer`, and lets what comes meanwhile go there; answers how much is in it once `wait` is over.
  func fill(_ buffer: UnsafeMutableRawBufferPointer, _ wait: () throws(HTTPError) -> Void) throws(HTTPError) -> Int {
    target = buffer
    defer { target = UnsafeMutableRawBufferPointer(start: nil, count: 0) }
    if !isEmpty {
      let count = min(buffer.count, kept.count - start)
      kept.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<(start + count)])) }
      start += count
      target = UnsafeMutableRawBufferPointer(rebasing: target[count...])
      if isEmpty { (kept, start) = ([], 0) }
      return count
    }
    try wait()
    return buffer.count - target.count
  }

  /// Whether `fill` has something to show for its wait.
  func hasFilled(_ buffer: UnsafeMutableRawBufferPointer) -> Bool { target.count < buffer.count }

  func takeKept() -> [UInt8] {
    defer { (kept, start) = ([], 0) }
    return start == 0 ? kept : Array(kept[start...])
  }

  func resumed() { isPaused = false }

  // MARK: - Called by libcurl

  func attach(to handle: CurlHandle) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    weir_curl_on_header(handle.raw, { data, one, count, context in HTTPTraffic.of(context).header(data, one * count) }, context)
    weir_curl_on_body(handle.raw, { data, one, count, context in HTTPTraffic.of(context).take(data, one * count) }, context)
    weir_curl_on_upload(
      handle.raw, { data, one, count, context in HTTPTraffic.of(context).give(data, one * count) },
      { context, offset, origin in HTTPTraffic.of(context).rewind(Int(offset), origin) }, context)
    if admits != nil {
      weir_curl_on_socket(handle.raw, { context, _, address in HTTPTraffic.of(context).open(address) }, context)
    }
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> HTTPTraffic {
    Unmanaged<HTTPTraffic>.fromOpaque(context!).takeUnretainedValue()  // as we passed it in `attach`
  }

  private func header(_ data: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    moved += UInt64(count)
    guard !isHeadComplete else { return count }  // trailers
    // an interim answer (100) is followed by another head
    if head.take(line: UnsafeRawBufferPointer(start: data, count: count)) { isHeadComplete = head.status >= 200 }
    if isHeadComplete, let maxBytes, let length = head.contentLength, length > maxBytes, head.isSuccess { isTooLarge = true }
    return count
  }

  private func take(_ data: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    if isTooLarge { return 0 }
    if target.isEmpty, !isUnbounded, kept.count - start >= Self.most {
      isPaused = true
      return weir_curl_pause_body()
    }
    received += UInt64(count)
    moved += UInt64(count)
    if let maxBytes, received > maxBytes {
      isTooLarge = true
      return 0
    }
    let bytes = UnsafeRawBufferPointer(start: data, count: count)
    let direct = min(target.count, count)
    if direct > 0 {
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<direct]))
      target = UnsafeMutableRawBufferPointer(rebasing: target[direct...])
    }
    if direct < count { kept.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[direct...])) }
    return count
  }

  private func give(_ data: UnsafeMutablePointer<CChar>?, _ room: Int) -> Int {
    let into = UnsafeMutableRawBufferPointer(start: data, count: room)
    switch body {
    case .none: return 0
    case .bytes(let bytes):
      let count = min(room, bytes.count - sent)
      bytes.withUnsafeBytes { into.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[sent..<(sent + count)])) }
      sent += count
      moved += UInt64(count)
      return count
    case .source(let source):
      guard let count = source.read(into: into) else {
        sourceFailed = true
        return weir_curl_abort_upload()
      }
      moved += UInt64(count)
      return count
    }
  }

  /// For a kept connection that turned out to be closed: the request is sent again over another.
  private func rewind(_ offset: Int, _ origin: Int32) -> Int32 {
    guard origin == SEEK_SET else { return Int32(CURL_SEEKFUNC_CANTSEEK) }
    switch body {
    case .none: return Int32(CURL_SEEKFUNC_OK)
    case .bytes(let bytes):
      sent = min(offset, bytes.count)
      return Int32(CURL_SEEKFUNC_OK)
    case .source(let source): return offset == 0 && source.rewind() ? Int32(CURL_SEEKFUNC_OK) : Int32(CURL_SEEKFUNC_FAIL)
    }
  }

  private func open(_ address: UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t {
    guard let address else { return -1 }
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let failed = getnameinfo(
      weir_curl_address(address), address.pointee.addrlen, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST)
    let text = failed == 0 ? String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : "?"
    guard failed == 0, admits?(text) ?? true else {
      refusedAddress = text
      return -1
    }
    return weir_curl_open_socket(address)
  }
}
