/// A request that came to a `FaultProxy`.
public struct PassingRequest: Sendable {
  /// From 0, over all connections.
  public let number: Int
  public let method: String
  /// Path and query as sent.
  public let target: String
  let lines: [Substring]
  /// Bytes of its body as announced; nil: in chunks.
  public let size: Int?

  init?(_ head: [UInt8], number: Int) {
    let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
    let first = lines.first?.split(separator: " ") ?? []
    guard first.count == 3 else { return nil }
    self.number = number
    method = String(first[0])
    target = String(first[1])
    self.lines = Array(lines)
    let isChunked = HeaderLines.value("transfer-encoding", in: lines)?.contains("chunked") ?? false
    size = isChunked ? nil : HeaderLines.value("content-length", in: lines).flatMap { Int($0) } ?? 0
  }

  public func header(_ name: String) -> String? { HeaderLines.value(name, in: lines) }

  /// The head for the server: on a connection of its own, without waiting for a leave to send the body.
  var forwarded: [UInt8] {
    let kept = lines.filter { !HeaderLines.isNamed($0, ["connection", "expect"]) }
    return Array((kept.joined(separator: "\r\n") + "\r\nConnection: close\r\n\r\n").utf8)
  }
}

/// The lines of a head.
enum HeaderLines {
  static func value(_ name: String, in lines: [Substring]) -> String? {
    guard let line = lines.dropFirst().first(where: { isNamed($0, [name.lowercased()]) }), let colon = line.firstIndex(of: ":") else {
      return nil
    }
    return String(line[line.index(after: colon)...].drop { $0 == " " })
  }

  static func isNamed(_ line: Substring, _ names: [String]) -> Bool {
    names.contains(line.prefix { $0 != ":" }.lowercased())
  }
}
