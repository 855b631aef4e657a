internal import Glibc

/// An IPv4 or IPv6 address by its bytes.
public struct NetworkAddress: Sendable, Hashable {
  /// 4 or 16.
  public let bytes: [UInt8]

  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// Dotted decimal, or IPv6; nil for any other spelling. A zone ("%eth0") is dropped.
  public init?(_ text: String) {
    let plain = String(text.prefix { $0 != "%" })
    var room = [UInt8](repeating: 0, count: 16)
    // inet_pton takes four decimal numbers and nothing else; inet_aton would take 0x7f.1
    if inet_pton(AF_INET, plain, &room) == 1 {
      bytes = Array(room[..<4])
    } else if inet_pton(AF_INET6, plain, &room) == 1 {
      bytes = room
    } else {
      return nil
    }
  }

  public var isVersion6: Bool { bytes.count == 16 }

  public var text: String {
    var room = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    inet_ntop(isVersion6 ? AF_INET6 : AF_INET, bytes, &room, socklen_t(room.count))
    return String(decoding: room.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func begins(with prefix: [UInt8], bits: Int) -> Bool {
    guard prefix.count == bytes.count, bits <= bytes.count * 8 else { return false }
    let whole = bits / 8
    guard bytes[..<whole] == prefix[..<whole] else { return false }
    let rest = bits % 8
    return rest == 0 || (bytes[whole] ^ prefix[whole]) >> UInt8(8 - rest) == 0
  }
}
