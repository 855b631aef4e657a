import CCurl
import Glibc

/// One HTTP request at a time over libcurl. Blocks.
struct HTTPClient {
  struct Answer {
    var status: Int
    var body: [UInt8]
  }

  /// - Throws: `Failure` when the server cannot be reached.
  static func send(
    _ method: String, _ url: String, body: [UInt8]? = nil, token: String? = nil, timeout: Duration = .seconds(60)
  ) throws -> Answer {
    guard let handle = weir_curl_new() else { throw Failure("libcurl gives no handle") }
    defer { weir_curl_free(handle) }
    let status = weir_curl_send(
      handle, method, url, token.map { "Authorization: Bearer \($0)" } ?? "", body, body?.count ?? 0,
      Int(timeout / .milliseconds(1)))
    guard status > 0 else {
      throw Failure(
        "\(url): \(String(cString: weir_curl_error(handle)))",
        hint: "Is a host running there? `weir serve` starts one; --url or WEIR_URL names another.", mayPass: true)
    }
    let count = weir_curl_body_size(handle)
    let body = UnsafeBufferPointer(start: weir_curl_body(handle), count: count)
    return Answer(status: status, body: Array(body))
  }
}
