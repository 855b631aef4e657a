extension RawJSON {
  /// The value of the member `key` of an object; nil when there is none, or this is no object.
  ///
  /// Reads over the text once and builds nothing.
  public func member(_ key: String) -> RawJSON? {
    var key = key
    let found: Range<Int>? = bytes.withUnsafeBufferPointer { buffer in
      key.withUTF8 { key in
        var found: Range<Int>?
        var skipper = JSONSkipper(buffer)
        skipper.forEachMember { keyRange, hasEscape, value in
          let isKey =
            hasEscape
            ? Self.isEqual(UnsafeBufferPointer(rebasing: buffer[keyRange]), to: key)
            : Self.isSame(buffer, keyRange, key)
          if isKey { found = value }
        }
        return found
      }
    }
    return found.map(slice)
  }

  /// The element at `index` of an array; nil when there is none, or this is no array.
  public func element(_ index: Int) -> RawJSON? {
    var found: Range<Int>?
    var place = 0
    bytes.withUnsafeBufferPointer { buffer in
      var skipper = JSONSkipper(buffer)
      skipper.forEachElement { value in
        if place == index { found = value }
        place += 1
        return place <= index
      }
    }
    return found.map(slice)
  }

  /// How many elements an array, or members an object, has; 0 for other kinds.
  public var elementCount: Int {
    var count = 0
    bytes.withUnsafeBufferPointer { buffer in
      var skipper = JSONSkipper(buffer)
      if kind == .object {
        skipper.forEachMember { _, _, _ in count += 1 }
      } else {
        skipper.forEachElement { _ in
          count += 1
          return true
        }
      }
    }
    return count
  }

  /// Gives every member in the order of the text, its key's escapes resolved; nothing for other kinds.
  public func forEachMember(_ body: ((key: String, value: RawJSON)) throws -> Void) rethrows {
    try bytes.withUnsafeBufferPointer { buffer in
      var skipper = JSONSkipper(buffer)
      try skipper.forEachMember { key, hasEscape, value in
        let content = UnsafeBufferPointer(rebasing: buffer[key])
        let key = hasEscape ? JSONUnescaping.string(content) : String(decoding: content, as: UTF8.self)
        try body((key, slice(value)))
      }
    }
  }

  /// Gives every element of an array in order; nothing for other kinds.
  public func forEachElement(_ body: (RawJSON) throws -> Void) rethrows {
    try bytes.withUnsafeBufferPointer { buffer in
      var skipper = JSONSkipper(buffer)
      try skipper.forEachElement { value in
        try body(slice(value))
        return true
      }
    }
  }

  private func slice(_ range: Range<Int>) -> RawJSON {
    RawJSON(unchecked: bytes[(bytes.startIndex + range.lowerBound)..<(bytes.startIndex + range.upperBound)])
  }

  @inline(__always)
  private static func isSame(
    _ buffer: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ key: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard range.count == key.count else { return false }
    for index in 0..<key.count where buffer[range.lowerBound &+ index] != key[index] { return false }
    return true
  }

  private static func isEqual(_ escaped: UnsafeBufferPointer<UInt8>, to key: UnsafeBufferPointer<UInt8>) -> Bool {
    JSONUnescaping.string(escaped).utf8.elementsEqual(key)
  }
}
