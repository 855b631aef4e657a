/// PostgreSQL's text form of arrays: `{1,2,NULL,"a \"b\""}`.
enum ArrayText {
  static func append<Value: SQLValue>(_ value: Value, to buffer: inout [UInt8]) {
    guard Value.isQuotedInArrays else { return value.appendSQLText(to: &buffer) }
    var text: [UInt8] = []
    value.appendSQLText(to: &text)
    text.withUnsafeBufferPointer { appendQuoted($0, to: &buffer) }
  }

  // Callers of other modules reach this unspecialized, where a loop over a generic collection costs 100 ns a byte: so it
  // is entered once a text, and loops over plain memory.
  static func appendQuoted(_ text: some Collection<UInt8>, to buffer: inout [UInt8]) {
    let isDone: Void? = text.withContiguousStorageIfAvailable { appendQuoted($0, to: &buffer) }
    if isDone == nil { Array(text).withUnsafeBufferPointer { appendQuoted($0, to: &buffer) } }
  }

  static func appendQuoted(_ text: UnsafeBufferPointer<UInt8>, to buffer: inout [UInt8]) {
    let quote = UInt8(ascii: "\""), backslash = UInt8(ascii: "\\")
    var escapes = 0
    for byte in text where byte == quote || byte == backslash { escapes += 1 }
    let start = buffer.count
    buffer.append(contentsOf: repeatElement(quote, count: text.count + escapes + 2))
    buffer.withUnsafeMutableBufferPointer { target in
      var place = start + 1
      for byte in text {
        if byte == quote || byte == backslash {
          target[place] = backslash
          place += 1
        }
        target[place] = byte
        place += 1
      }
    }
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
