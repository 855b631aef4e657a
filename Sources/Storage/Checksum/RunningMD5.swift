internal import CCrypto

/// An MD5 as bytes come. One thread at a time.
final class RunningMD5: @unchecked Sendable {  // the context is this object's alone
  private let context: OpaquePointer

  init() {
    guard let made = EVP_MD_CTX_new(), EVP_DigestInit_ex(made, EVP_md5(), nil) == 1 else {
      // As for SHA256: what never happens on Debian is not every caller's business.
      fatalError("libcrypto offers no MD5: is it in a mode that forbids it?")
    }
    context = made
  }

  deinit { EVP_MD_CTX_free(context) }

  func update(_ bytes: UnsafeRawBufferPointer) { EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) }

  /// 16 bytes; nothing can be added afterwards.
  func finish() -> [UInt8] {
    var sum = [UInt8](repeating: 0, count: 16)
    EVP_DigestFinal_ex(context, &sum, nil)
    return sum
  }
}
