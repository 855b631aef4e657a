/// A server's answer on its way through a `FaultProxy`.
public struct PassingAnswer: Sendable {
  public var status: Int
  public private(set) var headers: [(name: String, value: String)]
  /// As it came: in chunks if the server sent chunks.
  public var body: [UInt8]

  init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  init?(_ bytes: [UInt8]) {
    guard let end = bytes.indices.first(where: { bytes[$0] == 13 && bytes[$0...].starts(with: [13, 10, 13, 10]) }) else { return nil }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
    guard let first = lines.first, let status = Int(first.split(separator: " ").dropFirst().first ?? "") else { return nil }
    self.status = status
    headers = lines.dropFirst().compactMap { line in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return (String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == " " }))
    }
    headers.removeAll { $0.name.lowercased() == "connection" }
    body = Array(bytes[(end + 4)...])
  }

  /// The first header of that name; setting replaces all of them, or removes them with nil.
  public subscript(_ name: String) -> String? {
    get { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
    set {
      headers.removeAll { $0.name.lowercased() == name.lowercased() }
      if let newValue { headers.append((name, newValue)) }
    }
  }

  /// Whether its end can be told without closing the connection.
  func isDelimited(for request: PassingRequest) -> Bool {
    request.method == "HEAD" || status == 204 || status == 304 || self["content-length"] != nil || self["transfer-encoding"] != nil
  }

  var head: [UInt8] {
    Array(("HTTP/1.1 \(status) Passed\r\n" + headers.map { "\($0.name): \($0.value)\r\n" }.joined() + "\r\n").utf8)
  }
}
