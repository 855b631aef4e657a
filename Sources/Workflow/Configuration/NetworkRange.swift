/// Neighbouring addresses: `10.0.0.0/8`, `fd00::/8`, or one alone.
public struct NetworkRange: Sendable, Hashable {
  public let prefix: NetworkAddress
  public let bits: Int

  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), !text.contains("%"), let prefix = NetworkAddress(String(parts[0])) else { return nil }
    guard parts.count == 2 else {
      (self.prefix, bits) = (prefix, prefix.bytes.count * 8)
      return
    }
    guard let bits = Int(parts[1]), (0...prefix.bytes.count * 8).contains(bits) else { return nil }
    (self.prefix, self.bits) = (prefix, bits)
  }

  public func contains(_ address: NetworkAddress) -> Bool { address.begins(with: prefix.bytes, bits: bits) }

  public var text: String { bits == prefix.bytes.count * 8 ? prefix.text : "\(prefix.text)/\(bits)" }

  /// Ranges with commas or spaces between; nil if one is none.
  static func list(_ text: String) -> [NetworkRange]? {
    let words = text.split { $0 == "," || $0 == " " }
    let ranges = words.compactMap { NetworkRange(String($0)) }
    return ranges.isEmpty || ranges.count < words.count ? nil : ranges
  }
}
