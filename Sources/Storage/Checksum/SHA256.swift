internal import CCrypto

/// A running SHA-256. One thread at a time.
final class SHA256: @unchecked Sendable {  // the context is this object's alone
  private let context: OpaquePointer

  init() {
    guard let made = EVP_MD_CTX_new(), EVP_DigestInit_ex(made, EVP_sha256(), nil) == 1 else {
      // Without it no copy can be verified, and every caller would have to handle what never happens on Debian.
      fatalError("libcrypto offers no SHA-256: is it in a mode that forbids it?")
    }
    context = made
  }

  deinit { EVP_MD_CTX_free(context) }

  func update(_ bytes: UnsafeRawBufferPointer) { EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) }

  /// 64 lower-case hex digits; nothing can be added afterwards.
  func finish() -> String {
    var sum = [UInt8](repeating: 0, count: 32)
    EVP_DigestFinal_ex(context, &sum, nil)
    return Hex.text(sum)
  }

  static func text(of bytes: UnsafeRawBufferPointer) -> String {
    let digest = SHA256()
    digest.update(bytes)
    return digest.finish()
  }
}
