import NIOCore

/// Events as the wire has them: `id`, `event` and `data` lines, and an empty one.
/// - Source: HTML Standard, 9.2 Server-sent events.
enum EventText {
  /// Says when to come again after the stream has ended.
  static let opening = ByteBuffer(string: "retry: 2000\n\n")
  /// Keeps proxies and patience from closing a stream on which nothing happens.
  static let heartbeat = ByteBuffer(string: ": here\n\n")

  /// Byte by byte: what stands between two line feeds is not looked at as characters, of which a large page has a hundred thousand.
  static func bytes(_ parts: [(name: String, html: HTML)], id: String) -> ByteBuffer {
    var buffer = ByteBuffer()
    buffer.reserveCapacity(parts.reduce(0) { $0 + $1.html.text.utf8.count + $1.html.text.utf8.count / 16 + 64 })
    for (place, part) in parts.enumerated() {
      buffer.writeString("event: \(part.name)\n")
      let lines = part.html.text.utf8.split { $0 == 0x0A || $0 == 0x0D }
      for line in lines {
        buffer.writeStaticString("data: ")
        buffer.writeBytes(line)
        buffer.writeStaticString("\n")
      }
      // a part that became empty is an event, too
      if lines.isEmpty { buffer.writeStaticString("data:\n") }
      if place == parts.count - 1 { buffer.writeString("id: \(id)\n") }
      buffer.writeStaticString("\n")
    }
    return buffer
  }
}
