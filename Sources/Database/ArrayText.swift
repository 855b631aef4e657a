/// PostgreSQL's text form of arrays: `{1,2,NULL,"a \"b\""}`.
enum ArrayText {
  static func append<Value: SQLValue>(_ value: Value, to buffer: inout [UInt8]) {
    guard Value.isQuotedInArrays else { return value.appendSQLText(to: &buffer) }
    var text: [UInt8] = []
    value.appendSQLText(to: &text)
    appendQuoted(text, to: &buffer)
  }

  static func appendQuoted(_ text: some Collection<UInt8>, to buffer: inout [UInt8]) {
    buffer.append(UInt8(ascii: "\""))
    for byte in text {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { buffer.append(UInt8(ascii: "\\")) }
      buffer.append(byte)
    }
    buffer.append(UInt8(ascii: "\""))
  }

  /// The elements of a one-dimensional array's text; nil stands for NULL. Nil as a whole if it is no such text.
  static func elements(of text: UnsafeBufferPointer<UInt8>) -> [[UInt8]?]? {
    guard text.first == UInt8(ascii: "{"), text.last == UInt8(ascii: "}"), text.count >= 2 else { return nil }
    guard text.count > 2 else { return [] }
    var result: [[UInt8]?] = []
    var index = 1
    while index < text.count {
      guard let element = element(of: text, at: &index) else { return nil }
      result.append(element.isNull ? nil : element.bytes)
      guard index < text.count else { return nil }
      let end = text[index]
      index += 1
      if end == UInt8(ascii: "}") { return index == text.count ? result : nil }
      guard end == UInt8(ascii: ",") else { return nil }
    }
    return nil
  }

  private static func element(
    of text: UnsafeBufferPointer<UInt8>, at index: inout Int
  ) -> (bytes: [UInt8], isNull: Bool)? {
    var bytes: [UInt8] = []
    if text[index] == UInt8(ascii: "\"") {
      index += 1
      while index < text.count, text[index] != UInt8(ascii: "\"") {
        if text[index] == UInt8(ascii: "\\") { index += 1 }
        guard index < text.count else { return nil }
        bytes.append(text[index])
        index += 1
      }
      index += 1
      return (bytes, false)
    }
    while index < text.count, text[index] != UInt8(ascii: ","), text[index] != UInt8(ascii: "}") {
      // A brace here is a second dimension, which Weir's tables do not have.
      if text[index] == UInt8(ascii: "{") { return nil }
      bytes.append(text[index])
      index += 1
    }
    return (bytes, bytes == Array("NULL".utf8))
  }
}
