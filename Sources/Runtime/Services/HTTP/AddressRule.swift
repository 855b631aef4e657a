import Workflow

/// Which addresses handlers' requests may be connected to: all that are public, and those that the operator allowed.
struct AddressRule: Sendable {
  private let allowed: [NetworkRange]

  init(allowed: [NetworkRange] = []) { self.allowed = allowed }

  func admits(_ text: String) -> Bool {
    guard let address = NetworkAddress(text) else { return false }
    return admits(address)
  }

  func admits(_ address: NetworkAddress) -> Bool {
    if allowed.contains(where: { $0.contains(address) }) { return true }
    if Self.closed.contains(where: { $0.contains(address) }) { return false }
    // an IPv4 address inside an IPv6 one goes to the IPv4 address
    if let inner = Self.inner(of: address) { return admits(inner) }
    return true
  }

  /// What a request from outside could not reach either, and where clouds keep their metadata.
  ///
  /// - Source: IANA, special-purpose address registries of IPv4 (RFC 6890) and IPv6.
  private static let closed: [NetworkRange] = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
    "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    "::/127", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10",
    "ff00::/8",
  ].compactMap { NetworkRange($0) }

  /// Mapped, compatible, translated (NAT64) and 6to4.
  private static let carriers: [(range: NetworkRange, at: Int)] = [
    ("::ffff:0:0/96", 12), ("::/96", 12), ("::ffff:0:0:0/96", 12), ("64:ff9b::/96", 12), ("2002::/16", 2),
  ].compactMap { text, at in NetworkRange(text).map { ($0, at) } }

  private static func inner(of address: NetworkAddress) -> NetworkAddress? {
    carriers.first { $0.range.contains(address) }.map { NetworkAddress(bytes: Array(address.bytes[$0.at..<($0.at + 4)])) }
  }
}
