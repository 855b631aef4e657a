/// Reads the tags of an XML document that somebody sent, and refuses what can do harm to those who read it later: types of documents,
/// entities of its own, instructions to programs, and depth without end.
struct XMLScanner {
  struct Tag: Hashable {
    /// Without its prefix.
    var name: String
    var attributes: [String: String]
    /// Where it begins, in bytes.
    var offset: Int
  }

  struct Fault: Error, Hashable {
    var line: Int
    var message: String
    var hint: String?
  }

  private let bytes: [UInt8]
  private var at = 0
  private var open: [[UInt8]] = []
  private var tags: [Tag] = []

  static let (mostBytes, mostTags, mostDepth) = (256 << 10, 10_000, 40)

  /// The start tags in their order.
  static func tags(of bytes: [UInt8]) throws(Fault) -> [Tag] {
    guard bytes.count <= mostBytes else { throw Fault(line: 1, message: "it is larger than \(mostBytes) bytes") }
    var scanner = XMLScanner(bytes: bytes)
    try scanner.run()
    return scanner.tags
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func run() throws(Fault) {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
    if has("<?xml ") { try skip(past: "?>", "the declaration has no end") }
    while at < bytes.count {
      if has("<!--") {
        try skip(past: "-->", "a comment has no end")
      } else if has("<![CDATA[") {
        guard !open.isEmpty else { throw fault("there is text outside of the root") }
        try skip(past: "]]>", "a CDATA section has no end")
      } else if has("<!") {
        throw fault("it has a DOCTYPE", "Leave it out: it can name files and make a document grow without end.")
      } else if has("<?") {
        throw fault("it has a processing instruction", "Leave it out.")
      } else if has("</") {
        try close()
      } else if bytes[at] == UInt8(ascii: "<") {
        try start()
      } else {
        try character(isText: true)
      }
    }
    guard open.isEmpty, !tags.isEmpty else { throw fault(tags.isEmpty ? "it has no element" : "it ends in the middle") }
  }

  private mutating func start() throws(Fault) {
    guard open.count < Self.mostDepth else { throw fault("it is nested more than \(Self.mostDepth) deep") }
    guard tags.count < Self.mostTags else { throw fault("it has more than \(Self.mostTags) elements") }
    guard !open.isEmpty || tags.isEmpty else { throw fault("it has two roots") }
    at += 1
    let name = try self.name()
    var tag = Tag(name: Self.local(name), attributes: [:], offset: at)
    while true {
      let before = at
      skipBlanks()
      if has("/>") {
        at += 2
        break
      }
      if has(">") {
        at += 1
        open.append(name)
        break
      }
      guard at > before else { throw fault("a tag is not written as XML has it") }
      let (key, value) = try attribute()
      guard tag.attributes.updateValue(value, forKey: key) == nil else { throw fault("an attribute stands twice in a tag") }
    }
    tags.append(tag)
  }

  private mutating func close() throws(Fault) {
    at += 2
    let name = try self.name()
    skipBlanks()
    guard has(">"), open.popLast() == name else { throw fault("</\(Self.local(name).prefix(100))> closes what is not open") }
    at += 1
  }

  private mutating func attribute() throws(Fault) -> (String, String) {
    let key = String(decoding: try name(), as: UTF8.self)
    skipBlanks()
    guard has("=") else { throw fault("an attribute has no value") }
    at += 1
    skipBlanks()
    guard at < bytes.count, case let quote = bytes[at], quote == 0x22 || quote == 0x27 else {
      throw fault("an attribute's value has no quotes")
    }
    at += 1
    let start = at
    while at < bytes.count, bytes[at] != quote {
      guard bytes[at] != UInt8(ascii: "<") else { throw fault("there is a < in an attribute") }
      try character(isText: false)
    }
    guard at < bytes.count else { throw fault("an attribute has no end") }
    defer { at += 1 }
    return (key, String(decoding: bytes[start..<at], as: UTF8.self))
  }

  private mutating func character(isText: Bool) throws(Fault) {
    let byte = bytes[at]
    if isText, open.isEmpty, !Self.isBlank(byte) { throw fault("there is text outside of the root") }
    if byte < 0x20, !Self.isBlank(byte) { throw fault("it holds a control character") }
    if byte == UInt8(ascii: "&") { return try entity() }
    at += 1
  }

  private mutating func entity() throws(Fault) {
    guard let end = bytes[at...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else { throw fault("there is an & that begins no entity") }
    let name = String(decoding: bytes[(at + 1)..<end], as: UTF8.self)
    let digits = name.hasPrefix("#x") ? Int(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? Int(name.dropFirst()) : nil
    guard ["amp", "lt", "gt", "quot", "apos"].contains(name) || digits.map({ $0 >= 0x20 || [9, 10, 13].contains($0) }) == true else {
      throw fault("it uses the entity &\(name);", "Only those of XML itself are known: &amp; &lt; &gt; &quot; &apos;")
    }
    at = end + 1
  }

  private mutating func name() throws(Fault) -> [UInt8] {
    let start = at
    while at < bytes.count, Self.isName(bytes[at]) { at += 1 }
    guard at > start, !(0x30...0x39).contains(bytes[start]) else { throw fault("a name is missing where one is due") }
    return Array(bytes[start..<at])
  }

  private static func local(_ name: [UInt8]) -> String {
    String(decoding: name.split(separator: UInt8(ascii: ":"), maxSplits: 1).last ?? [], as: UTF8.self)
  }

  private static func isName(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || "_-.:".utf8.contains(byte)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

  private mutating func skipBlanks() {
    while at < bytes.count, Self.isBlank(bytes[at]) { at += 1 }
  }

  private func has(_ text: String) -> Bool { bytes[at...].starts(with: text.utf8) }

  private mutating func skip(past end: String, _ otherwise: String) throws(Fault) {
    let wanted = Array(end.utf8)
    var place = at
    while place + wanted.count <= bytes.count {
      if bytes[place] == wanted[0], bytes[place..<(place + wanted.count)].elementsEqual(wanted) {
        at = place + wanted.count
        return
      }
      place += 1
    }
    throw fault(otherwise)
  }

  static func line(of offset: Int, in bytes: [UInt8]) -> Int { bytes[..<min(offset, bytes.count)].count { $0 == 0x0A } + 1 }

  private func fault(_ message: String, _ hint: String? = nil) -> Fault {
    Fault(line: Self.line(of: at, in: bytes), message: message, hint: hint)
  }
}
