internal import CCrypto

/// HMAC-SHA-256 of whole texts, as signatures need it.
enum KeyedHash {
  /// 32 bytes.
  static func sha256(key: [UInt8], _ text: String) -> [UInt8] {
    var sum = [UInt8](repeating: 0, count: 32)
    var count: UInt32 = 0
    let bytes = Array(text.utf8)
    guard HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &sum, &count) != nil else {
      // As for RunningDigest: what never happens on Debian is not every caller's business.
      fatalError("libcrypto offers no HMAC-SHA-256: is it in a mode that forbids it?")
    }
    return sum
  }
}
