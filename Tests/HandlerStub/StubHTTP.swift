import HandlerABI
public import HandlerKit

/// `weir.http/1` without a network: answers by URL.
public final class StubHTTP {
  public struct Answer {
    public var status: Int
    public var headers: KeyValuePairs<String, JSONText?>
    public var body: [UInt8]

    public init(_ status: Int = 200, headers: KeyValuePairs<String, JSONText?> = [:], body: String = "") {
      self.status = status
      self.headers = headers
      self.body = Array(body.utf8)
    }
  }

  /// What no URL here is, gives 404.
  public var answers: [String: Answer] = [:]
  /// The requests that came, as their JSON.
  public internal(set) var requests: [JSONText] = []

  func take(_ request: UnsafePointer<CChar>?) -> (url: String, answer: Answer) {
    let json = (try? JSONText(validating: StubText.string(request))) ?? .null  // the kit writes it; a test sees a null
    requests.append(json)
    let url = json["url"]?.string ?? ""
    return (url, answers[url] ?? Answer(404))
  }

  static func status(of answer: Answer) -> Int {
    switch answer.status {
    case 200...299, 304: WEIR_OK
    case 401, 403: WEIR_DENIED
    case 404, 410: WEIR_NOT_FOUND
    case 408, 429, 500...599: WEIR_RETRY
    default: WEIR_FAILED
    }
  }

  nonisolated(unsafe) static let table = StubTables.made(  // written once
    weir_http(
      struct_size: UInt32(MemoryLayout<weir_http>.size), reserved: 0,
      request: { task, request, _, head, out in
        let host = StubHost.of(task)
        let (url, answer) = host.http.take(request)
        host.give(.object(["status": JSONText(answer.status), "headers": .object(answer.headers), "url": JSONText(url)]), head)
        host.give(answer.body, out)
        let status = StubHTTP.status(of: answer)
        return status == WEIR_OK ? Int32(WEIR_OK) : host.fail("http.request", status, "HTTP \(answer.status)")
      },
      to_object: { task, request, _, container, key, _, head in
        let host = StubHost.of(task)
        let (url, answer) = host.http.take(request)
        let status = StubHTTP.status(of: answer)
        var object = JSONText.null
        if status == WEIR_OK, answer.status != 304 {
          let (container, key) = (container.map { String(cString: $0) } ?? ".scratch", StubText.string(key))
          do { try host.storage.put(container, key, answer.body) } catch {
            return host.fail("http.to_object", WEIR_FAILED, "\(error)")
          }
          object = host.storage.head(container, key, answer.body)
        }
        host.give(
          .object(["status": JSONText(answer.status), "headers": .object(answer.headers), "url": JSONText(url), "object": object]), head)
        return status == WEIR_OK ? Int32(WEIR_OK) : host.fail("http.to_object", status, "HTTP \(answer.status)")
      }))
}
