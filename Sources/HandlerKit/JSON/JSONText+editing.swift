extension JSONText {
  /// What becomes of one member or element.
  public enum Edit: Sendable {
    case keep
    case drop
    case replace(JSONText)
  }

  /// This object with each member kept, dropped or given another value, and with `added` members at its end.
  ///
  /// What is kept is kept byte for byte, white space included. Another kind than an object comes back as it is.
  public func editingMembers(
    adding added: [(key: String, value: JSONText)] = [],
    _ edit: (_ key: String, _ value: JSONText) throws -> Edit
  ) rethrows -> JSONText {
    guard kind == .object else { return self }
    let added = added.map { Array(JSONText($0.key).bytes) + [UInt8(ascii: ":")] + Array($0.value.bytes) }
    return try editingParts(adding: added) { part, value in try edit(JSONScanner.decoded(bytes[part.key]), value) }
  }

  /// This array with each element kept, dropped or replaced; otherwise as `editingMembers`.
  public func editingElements(_ edit: (_ element: JSONText) throws -> Edit) rethrows -> JSONText {
    guard kind == .array else { return self }
    return try editingParts(adding: []) { _, value in try edit(value) }
  }

  /// This object with more members at its end.
  public func adding(_ members: [(key: String, value: JSONText)]) -> JSONText {
    editingMembers(adding: members) { _, _ in .keep }
  }

  /// This object with one member set: in its place if it is there, else at the end.
  public func setting(_ key: String, to value: JSONText) -> JSONText {
    if self[key] == nil { return adding([(key, value)]) }
    return editingMembers { name, _ in name.utf8.elementsEqual(key.utf8) ? .replace(value) : .keep }
  }

  private func editingParts(
    adding added: [[UInt8]], _ edit: (JSONScanner.Part, JSONText) throws -> Edit
  ) rethrows -> JSONText {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count + added.reduce(0) { $0 + $1.count + 1 })
    out.append(bytes[bytes.startIndex])
    var isFirst = true
    var lead: ArraySlice<UInt8> = []
    var keptTail: ArraySlice<UInt8> = []
    var lastTail = bytes.dropFirst().dropLast()  // white space alone, if there is no part
    try JSONScanner.forEachPart(of: bytes) { part in
      lastTail = bytes[part.tail]
      let edit = try edit(part, JSONText(unchecked: bytes[part.value]))
      if case .drop = edit { return }
      if !isFirst { out += keptTail + [UInt8(ascii: ",")] }
      isFirst = false
      lead = bytes[part.lead]
      keptTail = bytes[part.tail]
      out += bytes[part.lead.lowerBound..<part.value.lowerBound]
      if case .replace(let value) = edit { out += value.bytes } else { out += bytes[part.value] }
    }
    for member in added {
      if !isFirst { out.append(UInt8(ascii: ",")) }
      isFirst = false
      out += lead
      out += member
    }
    out += lastTail
    out.append(bytes[bytes.endIndex - 1])
    return JSONText(unchecked: out[...])
  }
}
