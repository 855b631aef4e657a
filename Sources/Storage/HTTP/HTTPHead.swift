/// Status and headers of an answer.
public struct HTTPHead: Sendable, Equatable {
  public struct Header: Sendable, Equatable {
    /// Lower case.
    public let name: String
    public let value: String
  }

  public var status: Int
  /// In the order in which they came.
  public var headers: [Header]
  /// Where it came from: another than asked after redirects.
  public var url: String

  public init(status: Int, headers: [Header] = [], url: String = "") {
    self.status = status
    self.headers = headers
    self.url = url
  }

  public var isSuccess: Bool { (200..<300).contains(status) }

  /// The first header of that name, in lower case.
  public subscript(_ name: String) -> String? { headers.first { $0.name == name }?.value }

  /// Bytes of the body, where the answer says so.
  public var contentLength: UInt64? { self["content-length"].flatMap { UInt64($0) } }

  /// Takes one line as it came; answers whether it was the empty one behind the last header.
  mutating func take(line: UnsafeRawBufferPointer) -> Bool {
    let text = String(decoding: line, as: UTF8.self)
    guard let end = text.utf8.lastIndex(where: { $0 != 0x0D && $0 != 0x0A }) else { return true }
    let plain = text[...end]
    if plain.hasPrefix("HTTP/") {
      status = plain.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      headers = []
      return false
    }
    guard let colon = plain.firstIndex(of: ":") else { return false }
    let value = plain[plain.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
    headers.append(Header(name: plain[..<colon].lowercased(), value: String(value)))
    return false
  }
}
