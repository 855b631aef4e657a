/// One dynamic symbol of a library.
struct ELFSymbol: Equatable {
  var name: String
  /// `GLIBC_2.34`; nil: none.
  var version: String?
  var isDefined: Bool
  var isWeak: Bool
  /// STB_GNU_UNIQUE: one for the whole process, and its library can never be unloaded.
  var isUnique: Bool
  var isLocal: Bool
}

/// Walks the dynamic symbol table, whose length only its hash table tells.
struct ELFSymbolTable {
  let image: ELFImage
  let reader: ELFReader
  let strings: Int

  func symbols() throws(RunnersError) -> [ELFSymbol] {
    guard let table = image.value(ELFImage.DynamicTag.symbols).flatMap(image.fileOffset) else { return [] }
    let versions = try versionNames()
    let numbers = image.value(ELFImage.DynamicTag.symbolVersions).flatMap(image.fileOffset)
    var symbols: [ELFSymbol] = []
    for index in 1..<max(1, try count()) {
      let at = table + index * 24
      let binding = Int(try reader.number(UInt8.self, at: at + 4)) >> 4
      let section = try reader.u16(at + 6)
      let number = try numbers.map { offset throws(RunnersError) in try reader.u16(offset + index * 2) & 0x7FFF }
      symbols.append(
        ELFSymbol(
          name: try reader.string(strings + reader.u32(at)), version: number.flatMap { versions[$0] },
          isDefined: section != 0, isWeak: binding == 2, isUnique: binding == 10, isLocal: binding == 0))
    }
    return symbols
  }

  private func count() throws(RunnersError) -> Int {
    if let hash = image.value(ELFImage.DynamicTag.hash).flatMap(image.fileOffset) { return try reader.u32(hash + 4) }
    guard let hash = image.value(ELFImage.DynamicTag.gnuHash).flatMap(image.fileOffset) else { return 0 }
    let (buckets, first, words) = (try reader.u32(hash), try reader.u32(hash + 4), try reader.u32(hash + 8))
    let bucketsAt = hash + 16 + words * 8
    var last = 0
    for bucket in 0..<buckets { last = max(last, try reader.u32(bucketsAt + bucket * 4)) }
    if last < first { return first }
    // The chain of the last bucket ends with an odd value.
    while try reader.u32(bucketsAt + buckets * 4 + (last - first) * 4) & 1 == 0 { last += 1 }
    return last + 1
  }

  private func versionNames() throws(RunnersError) -> [Int: String] {
    var names: [Int: String] = [:]
    try walk(.neededVersions, .neededVersionCount) { at throws(RunnersError) in
      var entry = at + (try reader.u32(at + 8))
      for _ in 0..<(try reader.u16(at + 2)) {
        names[try reader.u16(entry + 6) & 0x7FFF] = try reader.string(strings + reader.u32(entry + 8))
        entry += try reader.u32(entry + 12)
      }
      return try reader.u32(at + 12)
    }
    try walk(.definedVersions, .definedVersionCount) { at throws(RunnersError) in
      let name = at + (try reader.u32(at + 12))
      names[try reader.u16(at + 4) & 0x7FFF] = try reader.string(strings + reader.u32(name))
      return try reader.u32(at + 16)
    }
    return names
  }

  private enum Table {
    case neededVersions, neededVersionCount, definedVersions, definedVersionCount

    var tag: Int {
      switch self {
      case .neededVersions: ELFImage.DynamicTag.neededVersions
      case .neededVersionCount: ELFImage.DynamicTag.neededVersionCount
      case .definedVersions: ELFImage.DynamicTag.definedVersions
      case .definedVersionCount: ELFImage.DynamicTag.definedVersionCount
      }
    }
  }

  /// Calls `entry` with each entry's offset; it answers how far the next one is.
  private func walk(
    _ table: Table, _ count: Table, _ entry: (Int) throws(RunnersError) -> Int
  ) throws(RunnersError) {
    guard var at = image.value(table.tag).flatMap(image.fileOffset), let entries = image.value(count.tag) else { return }
    for _ in 0..<min(max(0, entries), 65536) {
      let next = try entry(at)
      if next == 0 { return }
      at += next
    }
  }
}
