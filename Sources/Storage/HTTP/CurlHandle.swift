internal import CCurl
internal import Glibc

/// One of libcurl's handles with the connections that it keeps. One thread at a time.
final class CurlHandle: @unchecked Sendable {  // lent to one exchange at a time by HTTPConnections
  let easy: OpaquePointer
  let multi: OpaquePointer
  private let error: UnsafeMutablePointer<CChar>

  private static let isReady: Bool = {
    // A server that hangs up while OpenSSL writes would end the program: libcurl guards plain sockets only.
    signal(SIGPIPE, SIG_IGN)
    return curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK
  }()

  /// Nil when there is no memory.
  init?() {
    guard Self.isReady, let easy = curl_easy_init() else { return nil }
    guard let multi = curl_multi_init() else {
      curl_easy_cleanup(easy)
      return nil
    }
    self.easy = OpaquePointer(easy)
    self.multi = OpaquePointer(multi)
    error = .allocate(capacity: Int(CURL_ERROR_SIZE))
    error.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    curl_easy_cleanup(raw)
    curl_multi_cleanup(multiRaw)
    error.deallocate()
  }

  var raw: UnsafeMutableRawPointer { UnsafeMutableRawPointer(easy) }
  var multiRaw: UnsafeMutableRawPointer { UnsafeMutableRawPointer(multi) }

  /// What libcurl said about the last transfer, if it said something.
  var said: String? { error[0] == 0 ? nil : String(cString: error) }

  func set(_ option: CURLoption, _ number: Int) { weir_curl_set_number(raw, option, number) }
  func set(_ option: CURLoption, size: UInt64) { weir_curl_set_size(raw, option, curl_off_t(clamping: size)) }
  func set(_ option: CURLoption, _ text: String?) { weir_curl_set_text(raw, option, text) }

  /// All options back to their defaults, and those that never differ set; kept connections stay.
  func prepare(_ settings: HTTPSettings) {
    curl_easy_reset(raw)
    error[0] = 0
    weir_curl_set_error(raw, error)
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    set(CURLOPT_PATH_AS_IS, 1)
    set(CURLOPT_PROXY, settings.proxy ?? "")
    set(CURLOPT_USERAGENT, settings.userAgent)
    set(CURLOPT_CONNECTTIMEOUT_MS, settings.connect.milliseconds)
    set(CURLOPT_BUFFERSIZE, 256 << 10)
    set(CURLOPT_UPLOAD_BUFFERSIZE, 512 << 10)
    set(CURLOPT_TCP_KEEPALIVE, 1)
    if let file = settings.caFile { set(CURLOPT_CAINFO, file) }
    if !settings.verifiesTLS {
      set(CURLOPT_SSL_VERIFYPEER, 0)
      set(CURLOPT_SSL_VERIFYHOST, 0)
    }
  }
}

extension Duration {
  /// At least 1, so that a duration never means "no limit" to libcurl.
  var milliseconds: Int {
    max(1, Int(min(components.seconds, 1_000_000_000)) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000))
  }
}
