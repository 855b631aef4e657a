/// Builds the tree of a JSON text. Keeps its own stack, so depth costs no stack of the thread.
struct JSONParser {
  private var scanner: JSONScanner
  private let limits: JSONLimits
  private let keepsLastOfDuplicates: Bool
  /// What the open containers hold so far, the innermost last.
  private var elements: [JSON] = []
  private var members: [(key: String, value: JSON)] = []
  private var keys: [Key] = []
  private var open: [Container] = []

  private struct Container {
    let isObject: Bool
    /// Where its elements or members begin.
    let start: Int
    /// Where its keys begin; one more is open for each object around it.
    let keyStart: Int
  }

  private struct Key {
    let text: String
    let offset: Int
    /// Equal for equal keys, and seldom else.
    let fingerprint: Int
  }

  init(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits, keepsLastOfDuplicates: Bool = false) {
    scanner = JSONScanner(bytes, limits: limits)
    self.limits = limits
    self.keepsLastOfDuplicates = keepsLastOfDuplicates
  }

  mutating func parseDocument() throws(JSONFault) -> JSON {
    try scanner.begin(limits)
    let value = try parseValue()
    scanner.skipSpace()
    guard scanner.at == scanner.end else { throw scanner.fault(.trailingContent) }
    return value
  }

  private mutating func parseValue() throws(JSONFault) -> JSON {
    while true {
      guard var value = try parseStart() else { continue }
      while true {
        guard let container = open.last else { return value }
        if container.isObject {
          members.append((keys[keys.count - 1].text, value))
        } else {
          elements.append(value)
        }
        guard try parseEnd(of: container) else { break }
        value = try close(container)
      }
    }
  }

  /// Reads a scalar or an empty container; nil when a container was opened and its first value follows.
  private mutating func parseStart() throws(JSONFault) -> JSON? {
    scanner.skipSpace()
    guard scanner.at < scanner.end else { throw scanner.fault(.expectedValue) }
    switch scanner.byte {
    case UInt8(ascii: "\""):
      return .string(try parseString())
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      return try parseOpening()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      let start = scanner.at
      try scanner.scanNumber()
      return .number(JSONNumber(scanned: scanner.bytes(from: start)))
    case UInt8(ascii: "t"):
      try scanner.scanWord("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try scanner.scanWord("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try scanner.scanWord("null")
      return .null
    default:
      throw scanner.fault(.expectedValue)
    }
  }

  private mutating func parseOpening() throws(JSONFault) -> JSON? {
    let isObject = scanner.byte == UInt8(ascii: "{")
    guard open.count < limits.maxDepth else { throw scanner.fault(.tooDeep(limit: limits.maxDepth)) }
    scanner.at += 1
    scanner.skipSpace()
    guard scanner.at < scanner.end else { throw scanner.fault(isObject ? .expectedKey : .expectedValue) }
    if scanner.byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
      scanner.at += 1
      return isObject ? .object(JSONObject()) : .array([])
    }
    open.append(
      Container(isObject: isObject, start: isObject ? members.count : elements.count, keyStart: keys.count))
    if isObject { try parseKey() }
    return nil
  }

  private mutating func parseKey() throws(JSONFault) {
    guard scanner.at < scanner.end, scanner.byte == UInt8(ascii: "\"") else { throw scanner.fault(.expectedKey) }
    let start = scanner.at
    let text = try parseString()
    let length = scanner.at - start - 2
    let last = length > 0 ? Int(scanner.base[scanner.at - 2]) : 0
    let middle = Int(scanner.base[start + 1 + length / 2])
    // An escape can write the same key with other bytes: those are told by their decoded text.
    let fingerprint = text.utf8.count == length ? length << 16 | middle << 8 | last : -1
    keys.append(Key(text: text, offset: start, fingerprint: fingerprint))
    try scanner.scanColon()
  }

  /// Reads what stands behind a value: true when its container ends, false when another value follows.
  private mutating func parseEnd(of container: Container) throws(JSONFault) -> Bool {
    scanner.skipSpace()
    guard scanner.at < scanner.end else { throw scanner.fault(.expectedCommaOrEnd(array: !container.isObject)) }
    if scanner.byte == UInt8(ascii: ",") {
      scanner.at += 1
      scanner.skipSpace()
      if scanner.at < scanner.end, scanner.byte == UInt8(ascii: "}") || scanner.byte == UInt8(ascii: "]") {
        throw scanner.fault(.trailingComma)
      }
      if container.isObject { try parseKey() }
      return false
    }
    guard scanner.byte == (container.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
      throw scanner.fault(.expectedCommaOrEnd(array: !container.isObject))
    }
    scanner.at += 1
    return true
  }

  private mutating func close(_ container: Container) throws(JSONFault) -> JSON {
    open.removeLast()
    let start = container.start
    guard container.isObject else {
      defer { elements.removeSubrange(start...) }
      return .array(Array(elements[start...]))
    }
    defer {
      members.removeSubrange(start...)
      keys.removeSubrange(container.keyStart...)
    }
    if let duplicate = duplicate(from: container.keyStart) {
      guard keepsLastOfDuplicates else {
        let first = keys[container.keyStart..<duplicate].first { JSONText.equal($0.text, keys[duplicate].text) }
        throw scanner.fault(
          .duplicateKey(keys[duplicate].text, firstOffset: first?.offset ?? 0),
          at: keys[duplicate].offset)
      }
      return .object(JSONObject(members[start...]))
    }
    return .object(JSONObject(unique: Array(members[start...])))
  }

  /// The first key from `start` on that stood before.
  private func duplicate(from start: Int) -> Int? {
    if keys.count - start > 24 {
      var seen: Set<JSONText> = []
      seen.reserveCapacity(keys.count - start)
      return keys.indices[start...].first { !seen.insert(JSONText(keys[$0].text)).inserted }
    }
    return keys.withUnsafeBufferPointer { keys in
      for later in start..<keys.count {
        for earlier in start..<later
        where keys[earlier].fingerprint == keys[later].fingerprint
          || keys[earlier].fingerprint == -1 || keys[later].fingerprint == -1
        {
          if JSONText.equal(keys[earlier].text, keys[later].text) { return later }
        }
      }
      return nil
    }
  }

  private mutating func parseString() throws(JSONFault) -> String {
    let start = scanner.at
    let hasEscape = try scanner.scanString()
    let content = UnsafeBufferPointer(start: scanner.base + start + 1, count: scanner.at - start - 2)
    return hasEscape ? JSONUnescaping.string(content) : String(decoding: content, as: UTF8.self)
  }
}

extension JSONScanner {
  /// What was read since `start`.
  func bytes(from start: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: base + start, count: at - start)
  }
}
