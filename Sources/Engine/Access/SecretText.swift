internal import CCrypto

/// Secrets that this program makes: 256 random bits behind a prefix by which people and scanners of repositories know them.
public enum SecretText {
  public static let tokenPrefix = "weir_"
  static let sessionPrefix = "weirs_"

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  static func make(prefix: String) -> String {
    var random = SystemRandomNumberGenerator()  // getrandom(2)
    let bytes = (0..<4).flatMap { _ in withUnsafeBytes(of: random.next(), Array.init) }
    return prefix + base64url(bytes)
  }

  /// SHA-256, 32 bytes.
  public static func hash(_ text: String) -> [UInt8] { hash(Array(text.utf8)) }

  static func hash(_ bytes: [UInt8]) -> [UInt8] {
    var sum = [UInt8](repeating: 0, count: 32)
    guard EVP_Digest(bytes, bytes.count, &sum, nil, EVP_sha256(), nil) == 1 else {
      // Without it nobody could be let in, and a hash of zeros would let everybody in.
      fatalError("libcrypto offers no SHA-256: is it in a mode that forbids it?")
    }
    return sum
  }

  /// Takes as long for a wrong first byte as for a wrong last one.
  public static func isEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    one.count == other.count && !one.isEmpty && CRYPTO_memcmp(one, other, one.count) == 0
  }

  private static func base64url(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    var (bits, count) = (UInt32(0), 0)
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      count += 8
      while count >= 6 {
        count -= 6
        text.append(alphabet[Int(bits >> UInt32(count) & 63)])
      }
    }
    if count > 0 { text.append(alphabet[Int(bits << UInt32(6 - count) & 63)]) }
    return String(decoding: text, as: UTF8.self)
  }
}
