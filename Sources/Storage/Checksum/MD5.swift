internal import CCrypto

/// MD5 of bytes at hand: what S3 stores answer as the ETag of what they stored in one piece. Proves nothing against malice.
enum MD5 {
  /// 32 lower-case hex digits.
  static func text(of bytes: UnsafeRawBufferPointer) -> String {
    var sum = [UInt8](repeating: 0, count: 16)
    var count: UInt32 = 0
    EVP_Digest(bytes.baseAddress, bytes.count, &sum, &count, EVP_md5(), nil)
    return Hex.text(sum)
  }
}
