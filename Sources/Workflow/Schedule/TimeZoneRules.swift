/// The offsets from UTC of one time zone, past and to come, as a TZif file of the IANA database has them (RFC 8536).
public struct TimeZoneRules: Sendable, Hashable {
  /// Such as `Europe/Zurich`.
  public let name: String
  /// Seconds since 1970, ascending.
  private var transitions: [Int64] = []
  /// Seconds east of UTC: before the first transition, then from each on.
  private var offsets: [Int32] = [0]
  /// After the last transition.
  private var rule: PosixTimeZone?

  public static let utc = TimeZoneRules()

  private init() { name = "UTC" }

  /// Why bytes are no time zone, for a person.
  public struct Fault: Error, Hashable {
    public let message: String

    public init(message: String) { self.message = message }
  }

  /// - Parameter bytes: what stands in the zone's file.
  public init(name: String, tzif bytes: [UInt8]) throws(Fault) {
    self.name = name
    let damaged = Fault(message: "the file of time zone \"\(name)\" is no TZif file: install the package tzdata anew")
    var file = Reader(bytes: bytes[...])
    guard let head = file.header(), head.version >= UInt8(ascii: "2") else { throw damaged }
    // the first block has times of 32 bits, for readers of old
    guard file.skip(head.size(timeBytes: 4)), let wide = file.header() else { throw damaged }
    guard wide.types > 0, let block = file.take(wide.size(timeBytes: 8)) else { throw damaged }
    let base = block.startIndex
    func integer(_ place: Int, _ count: Int) -> Int64 {
      var value: Int64 = block[place] >= 0x80 ? -1 : 0
      for index in place..<place + count { value = value << 8 | Int64(block[index]) }
      return value
    }
    let (indices, types) = (base + wide.times * 8, base + wide.times * 9)
    func offset(_ type: Int) -> Int32 { Int32(truncatingIfNeeded: integer(types + type * 6, 4)) }
    offsets = [offset(0)]
    for number in 0..<wide.times {
      guard block[indices + number] < wide.types else { throw damaged }
      let time = integer(base + number * 8, 8)
      if let last = transitions.last, time <= last { throw damaged }
      transitions.append(time)
      offsets.append(offset(Int(block[indices + number])))
    }
    guard let footer = file.footer() else { throw damaged }
    if !footer.isEmpty {
      guard let rule = PosixTimeZone(footer) else { throw damaged }
      self.rule = rule
    }
  }

  /// Seconds east of UTC at a time since 1970.
  public func offset(at time: Int64) -> Int {
    if let rule, time >= transitions.last ?? .min { return rule.offset(at: time) }
    var (low, high) = (0, transitions.count)
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= time { low = middle + 1 } else { high = middle }
    }
    return Int(offsets[low])
  }

  /// When a clock there shows this: once, twice where it is put back, or never where it is put forward.
  /// - Parameter local: seconds since 1970-01-01 00:00 as that clock shows it.
  func times(of local: Int64) -> [Int64] {
    let candidates = Set([offset(at: local - 93_600), offset(at: local + 93_600), offset(at: local)]).map { local - Int64($0) }
    return candidates.filter { $0 + Int64(offset(at: $0)) == local }.sorted()
  }

  /// The first moment after the clock was put forward over what it then never showed.
  func end(ofGapAt local: Int64) -> Int64 {
    // the change is where the clock, going on with the old offset, would have come to what was skipped
    var (low, high) = (local - 93_600 - 86_400, local + 93_600)
    while high - low > 1 {
      let middle = (low + high) / 2
      if middle + Int64(offset(at: middle)) > local { high = middle } else { low = middle }
    }
    return high
  }

  private struct Header {
    var version: UInt8
    var (utcs, standards, leaps, times, types, letters) = (0, 0, 0, 0, 0, 0)

    func size(timeBytes: Int) -> Int { times * (timeBytes + 1) + types * 6 + letters + leaps * (timeBytes + 4) + standards + utcs }
  }

  private struct Reader {
    var bytes: ArraySlice<UInt8>

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
      guard count >= 0, count <= bytes.count else { return nil }
      defer { bytes = bytes.dropFirst(count) }
      return bytes.prefix(count)
    }

    mutating func skip(_ count: Int) -> Bool { take(count) != nil }

    mutating func header() -> Header? {
      guard let bytes = take(44), bytes.starts(with: Array("TZif".utf8)) else { return nil }
      let start = bytes.startIndex
      let counts = (0..<6).map { number in
        bytes[(start + 20 + number * 4)..<(start + 24 + number * 4)].reduce(0) { $0 << 8 | Int($1) }
      }
      return Header(
        version: bytes[start + 4], utcs: counts[0], standards: counts[1], leaps: counts[2], times: counts[3], types: counts[4],
        letters: counts[5])
    }

    /// What stands between two line breaks.
    func footer() -> String? {
      guard bytes.first == 10, let end = bytes.dropFirst().firstIndex(of: 10) else { return nil }
      return String(decoding: bytes[(bytes.startIndex + 1)..<end], as: UTF8.self)
    }
  }
}
