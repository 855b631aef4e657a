/// An element of a small XML document, such as S3 and Azure answer with: names without prefixes, text, children.
struct XMLElement: Sendable, Equatable {
  var name: String
  /// As they stand in the start tag.
  var attributes = ""
  var text = ""
  var children: [XMLElement] = []

  init(_ name: String, attributes: String = "") {
    self.name = name
    self.attributes = attributes
  }

  /// The first child of that name.
  subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

  /// The text of the first child of that name.
  func text(_ name: String) -> String? { self[name]?.text }

  func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  /// The document's root; nil if the bytes are no such document.
  init?(parsing bytes: [UInt8]) {
    var reader = XMLReader(bytes)
    guard let root = reader.document() else { return nil }
    self = root
  }

  /// Text as it stands between tags.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: if scalar.value < 0x20 { escaped += "&#\(scalar.value);" } else { escaped.unicodeScalars.append(scalar) }
      }
    }
    return escaped
  }
}

/// Reads a document from front to back. Declarations, comments and processing instructions are passed over; documents with
/// a DOCTYPE, and those nested more than 64 deep, are refused.
private struct XMLReader {
  private let bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() -> XMLElement? {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
    guard skipToTag(), let root = element(depth: 0) else { return nil }
    return root
  }

  /// Behind the "<" of a start tag.
  private mutating func element(depth: Int) -> XMLElement? {
    guard depth < 64, let (name, attributes, isEmpty) = startTag() else { return nil }
    var element = XMLElement(name, attributes: attributes)
    if isEmpty { return element }
    var text: [UInt8] = []
    while at < bytes.count {
      if bytes[at] != 0x3C {
        guard let piece = character() else { return nil }
        text += piece
      } else if has("<![CDATA[") {
        at += 9
        guard let end = find("]]>") else { return nil }
        text += bytes[at..<end]
        at = end + 3
      } else if has("<!--") || has("<?") {
        guard skipped() else { return nil }
      } else if has("</") {
        at += 2
        guard let end = find(">"), Self.local(bytes[at..<end]) == name else { return nil }
        at = end + 1
        guard let read = String(validating: text, as: UTF8.self) else { return nil }
        element.text = read
        return element
      } else {
        at += 1
        guard let child = self.element(depth: depth + 1) else { return nil }
        element.children.append(child)
      }
    }
    return nil
  }

  private mutating func startTag() -> (name: String, attributes: String, isEmpty: Bool)? {
    let start = at
    var quote: UInt8?
    while at < bytes.count {
      let byte = bytes[at]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == 0x22 || byte == 0x27 {
        quote = byte
      } else if byte == 0x3E {
        let isEmpty = at > start && bytes[at - 1] == 0x2F
        let tag = bytes[start..<(isEmpty ? at - 1 : at)]
        at += 1
        let name = tag.prefix { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        let local = Self.local(name)
        return local.isEmpty ? nil : (local, String(decoding: tag[name.endIndex...], as: UTF8.self), isEmpty)
      }
      at += 1
    }
    return nil
  }

  private static func local(_ name: some Collection<UInt8>) -> String {
    let text = String(decoding: name, as: UTF8.self).split(whereSeparator: \.isWhitespace).first ?? ""
    return String(text.split(separator: ":").last ?? "")
  }

  /// One byte of text, or what an entity stands for.
  private mutating func character() -> [UInt8]? {
    guard bytes[at] == 0x26 else {
      at += 1
      return [bytes[at - 1]]
    }
    guard let end = bytes[at...].prefix(12).firstIndex(of: 0x3B) else { return nil }
    let name = String(decoding: bytes[(at + 1)..<end], as: UTF8.self)
    at = end + 1
    switch name {
    case "amp": return [0x26]
    case "lt": return [0x3C]
    case "gt": return [0x3E]
    case "quot": return [0x22]
    case "apos": return [0x27]
    default:
      let number = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
      return number.flatMap(Unicode.Scalar.init).map { Array(String(Character($0)).utf8) }
    }
  }

  private mutating func skipToTag() -> Bool {
    while at < bytes.count {
      if has("<?") || has("<!--") {
        guard skipped() else { return false }
      } else if has("<!") {
        return false
      } else if bytes[at] == 0x3C {
        at += 1
        return true
      } else if [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) {
        at += 1  // a store that works long sends white space meanwhile
      } else {
        return false
      }
    }
    return false
  }

  private mutating func skipped() -> Bool {
    let mark = has("<?") ? "?>" : "-->"
    guard let end = find(mark) else { return false }
    at = end + mark.utf8.count
    return true
  }

  private func has(_ text: StaticString) -> Bool {
    bytes[at...].starts(with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private func find(_ text: String) -> Int? {
    let wanted = Array(text.utf8)
    return bytes[at...].indices.first { bytes[$0] == wanted[0] && bytes[$0...].starts(with: wanted) }
  }
}
