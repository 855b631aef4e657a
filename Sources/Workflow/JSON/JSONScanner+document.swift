extension JSONScanner {
  /// Reads one whole text: a value with nothing but white space around it.
  mutating func scanDocument(_ limits: JSONLimits) throws(JSONFault) {
    try begin(limits)
    try scanValue(maxDepth: limits.maxDepth)
    skipSpace()
    guard at == end else { throw fault(.trailingContent) }
  }

  /// Checks what concerns the text as a whole.
  mutating func begin(_ limits: JSONLimits) throws(JSONFault) {
    guard end <= limits.maxBytes else { throw fault(.tooLong(limit: limits.maxBytes)) }
    if end >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF { throw fault(.byteOrderMark) }
  }

  /// Reads one value, white space before it included.
  private mutating func scanValue(maxDepth: Int) throws(JSONFault) {
    var open = OpenContainers()
    while true {
      if try scanStart(&open, maxDepth: maxDepth) { continue }
      // A value has just ended: close what it ends, up to the next comma.
      while true {
        if open.depth == 0 { return }
        skipSpace()
        guard at < end else { throw fault(.expectedCommaOrEnd(array: !open.isObject)) }
        let byte = base[at]
        if byte == UInt8(ascii: ",") {
          at &+= 1
          try scanAfterComma(inObject: open.isObject)
          break
        }
        guard byte == (open.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
          throw fault(.expectedCommaOrEnd(array: !open.isObject))
        }
        at &+= 1
        open.pop()
      }
    }
  }

  /// Reads a whole scalar, an empty container, or the opening of a container; true when a value must follow.
  @inline(__always)
  private mutating func scanStart(_ open: inout OpenContainers, maxDepth: Int) throws(JSONFault) -> Bool {
    skipSpace()
    guard at < end else { throw fault(.expectedValue) }
    switch base[at] {
    case UInt8(ascii: "\""): _ = try scanString()
    case UInt8(ascii: "{"), UInt8(ascii: "["): return try scanOpening(&open, maxDepth: maxDepth)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try scanNumber()
    case UInt8(ascii: "t"): try scanWord("true")
    case UInt8(ascii: "f"): try scanWord("false")
    case UInt8(ascii: "n"): try scanWord("null")
    default: throw fault(.expectedValue)
    }
    return false
  }

  @inline(__always)
  private mutating func scanOpening(_ open: inout OpenContainers, maxDepth: Int) throws(JSONFault) -> Bool {
    let isObject = base[at] == UInt8(ascii: "{")
    guard open.depth < maxDepth else { throw fault(.tooDeep(limit: maxDepth)) }
    at &+= 1
    skipSpace()
    guard at < end else { throw fault(isObject ? .expectedKey : .expectedValue) }
    if base[at] == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
      at &+= 1
      return false
    }
    open.push(isObject: isObject)
    if isObject { try scanKey() }
    return true
  }

  /// Goes on behind a comma, up to where the next value begins.
  mutating func scanAfterComma(inObject: Bool) throws(JSONFault) {
    skipSpace()
    if at < end, base[at] == UInt8(ascii: "}") || base[at] == UInt8(ascii: "]") { throw fault(.trailingComma) }
    if inObject { try scanKey() }
  }

  /// Reads a key and its colon.
  @inline(__always)
  private mutating func scanKey() throws(JSONFault) {
    guard at < end, base[at] == UInt8(ascii: "\"") else { throw fault(.expectedKey) }
    _ = try scanString()
    try scanColon()
  }

  @inline(__always)
  mutating func scanColon() throws(JSONFault) {
    skipSpace()
    guard at < end, base[at] == UInt8(ascii: ":") else { throw fault(.expectedColon) }
    at &+= 1
  }
}

/// Which containers are open, one bit each, so that 64 levels need no memory.
private struct OpenContainers {
  private(set) var depth = 0
  private var bits: UInt64 = 0
  private var outer: [UInt64] = []

  @inline(__always)
  var isObject: Bool { bits & 1 != 0 }

  @inline(__always)
  mutating func push(isObject: Bool) {
    if depth & 63 == 0, depth > 0 { outer.append(bits) }
    bits = bits &<< 1 | (isObject ? 1 : 0)
    depth &+= 1
  }

  @inline(__always)
  mutating func pop() {
    depth &-= 1
    bits &>>= 1
    if depth & 63 == 0, depth > 0 { bits = outer.removeLast() }
  }
}
