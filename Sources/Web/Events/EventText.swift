import NIOCore

/// Events as the wire has them: `id`, `event` and `data` lines, and an empty one.
/// - Source: HTML Standard, 9.2 Server-sent events.
enum EventText {
  /// Says when to come again after the stream has ended.
  static let opening = ByteBuffer(string: "retry: 2000\n\n")
  /// Keeps proxies and patience from closing a stream on which nothing happens.
  static let heartbeat = ByteBuffer(string: ": here\n\n")

  static func bytes(_ parts: [(name: String, html: HTML)], id: String) -> ByteBuffer {
    var text = ""
    for part in parts {
      text += "event: \(part.name)\n"
      for line in part.html.text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline) { text += "data: \(line)\n" }
      // a part that became empty is an event, too
      if part.html.text.allSatisfy(\.isNewline) { text += "data:\n" }
      if part.name == parts.last?.name { text += "id: \(id)\n" }
      text += "\n"
    }
    return ByteBuffer(string: text)
  }
}
