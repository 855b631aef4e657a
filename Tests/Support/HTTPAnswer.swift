public import Workflow

/// An answer as it came over the wire.
public struct HTTPAnswer: Sendable {
  public var status: Int
  /// Names in lower case.
  public var headers: [String: String]
  public var body: [UInt8]

  public var text: String { String(decoding: body, as: UTF8.self) }
  /// Null when it is no JSON.
  public var json: JSON { (try? JSON(parsing: body)) ?? .null }  // tests then say what is missing

  /// Nil for what is no answer.
  public init?(_ bytes: [UInt8]) {
    guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: [13, 10, 13, 10]) }) else { return nil }
    var lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n").makeIterator()
    guard let first = lines.next(), first.hasPrefix("HTTP/1.1 "), let status = Int(first.dropFirst(9).prefix(3)) else { return nil }
    self.status = status
    headers = [:]
    while let line = lines.next() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
    }
    body = Array(bytes[(end + 4)...])
  }
}
