import Synchronization

/// A server such as datasets come from: files with ETags, dates and ranges, some of them moved or guarded, and for single requests whatever
/// goes wrong with such servers.
public final class SourceSite: Sendable {
  public struct File: Sendable {
    public var bytes: [UInt8]
    public var etag: String?
    public var modified: String?

    public init(_ bytes: [UInt8], etag: String? = nil, modified: String? = nil) {
      (self.bytes, self.etag, self.modified) = (bytes, etag, modified)
    }
  }

  /// What comes instead of the right answer.
  public enum Mishap: Sendable {
    case status(Int, [String])
    /// The connection ends after so many bytes of the body.
    case cut(after: Int)
  }

  private struct State {
    var files: [String: File] = [:]
    var moved: [String: String] = [:]
    var guards: [String: [String]] = [:]
    var mishaps: [String: [Mishap]] = [:]
    var onRequest: (@Sendable (String) -> Void)?
  }

  private let state: Handed
  private let server: ScriptedServer

  /// What the server's threads and this object share.
  private final class Handed: Sendable {
    let value = Mutex(State())
  }

  public init() {
    let state = Handed()
    self.state = state
    server = ScriptedServer { Self.answer($0, state) }
  }

  public var url: String { server.url }
  public var port: Int { server.port }
  /// `GET /path?query HTTP/1.1`, of all requests so far.
  public var lines: [String] { server.requests.map(\.line) }
  public var requests: [ScriptedServer.Request] { server.requests }

  public func put(_ path: String, _ file: File) { state.value.withLock { $0.files[path] = file } }
  public func remove(_ path: String) { state.value.withLock { $0.files[path] = nil } }
  /// Answers 302 with this place.
  public func move(_ path: String, to place: String) { state.value.withLock { $0.moved[path] = place } }
  /// Answers 401 unless each of these stands in the query.
  public func require(_ path: String, query: [String]) { state.value.withLock { $0.guards[path] = query } }
  /// So the next GET requests of a path end.
  public func fail(_ path: String, _ mishaps: Mishap...) { state.value.withLock { $0.mishaps[path, default: []] += mishaps } }
  /// Called with each path before it is answered.
  public func onRequest(_ body: (@Sendable (String) -> Void)?) { state.value.withLock { $0.onRequest = body } }

  private static func answer(_ request: ScriptedServer.Request, _ shared: Handed) -> ScriptedServer.Answer {
    let words = request.line.split(separator: " ")
    let target = String(words.count > 1 ? words[1] : "/")
    let parts = target.split(separator: "?", maxSplits: 1)
    let path = String(parts.first ?? "/")
    let pairs = Set((parts.dropFirst().first ?? "").split(separator: "&").map(String.init))
    let isHead = words.first == "HEAD"
    let (found, mishap, listener) = shared.value.withLock { state -> (Found, Mishap?, (@Sendable (String) -> Void)?) in
      let mishap = isHead || state.mishaps[path]?.isEmpty ?? true ? nil : state.mishaps[path]?.removeFirst()
      if let place = state.moved[path] { return (.moved(place), mishap, state.onRequest) }
      if let wanted = state.guards[path], !wanted.allSatisfy(pairs.contains) { return (.refused, mishap, state.onRequest) }
      return (state.files[path].map(Found.file) ?? .nothing, mishap, state.onRequest)
    }
    listener?(path)
    if case .status(let status, let headers)? = mishap { return .http(status, headers, "not now") }
    switch found {
    case .moved(let place): return .http(302, ["Location: \(place)"])
    case .refused: return .http(401, [], isHead ? "" : "who are you?")
    case .nothing: return .http(404, [], isHead ? "" : "<html>not here</html>")
    case .file(let file): return answer(request, file, isHead: isHead, mishap)
    }
  }

  private enum Found {
    case file(File), moved(String), refused, nothing
  }

  private static func answer(_ request: ScriptedServer.Request, _ file: File, isHead: Bool, _ mishap: Mishap?) -> ScriptedServer.Answer {
    var headers: [String] = ["Accept-Ranges: bytes", "Content-Type: application/zip"]
    if let etag = file.etag { headers.append("ETag: \(etag)") }
    if let modified = file.modified { headers.append("Last-Modified: \(modified)") }
    var from = 0
    if let range = request.header("range"), range.hasPrefix("bytes="), range.hasSuffix("-"), let first = Int(range.dropFirst(6).dropLast()),
      request.header("if-range") ?? file.etag == file.etag, first < file.bytes.count
    {
      from = first
      headers.append("Content-Range: bytes \(first)-\(file.bytes.count - 1)/\(file.bytes.count)")
    }
    let head = ScriptedServer.Answer.head(from > 0 ? 206 : 200, length: file.bytes.count - from, headers)
    if isHead { return .bytes(head) }
    if case .cut(let count)? = mishap { return .last(head + file.bytes[from...].prefix(count)) }
    return .bytes(head + file.bytes[from...])
  }
}
