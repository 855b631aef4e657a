internal import CCrypto

/// A checksum of bytes as they come. One thread at a time.
final class RunningDigest: @unchecked Sendable {  // the context is this object's alone
  enum Algorithm {
    case sha256
    /// Proves nothing against malice: what Azure and S3 stores answer for what they keep.
    case md5

    var size: Int { self == .sha256 ? 32 : 16 }
    fileprivate var evp: OpaquePointer? { self == .sha256 ? EVP_sha256() : EVP_md5() }
  }

  private let algorithm: Algorithm
  private let context: OpaquePointer

  init(_ algorithm: Algorithm) {
    guard let made = EVP_MD_CTX_new(), EVP_DigestInit_ex(made, algorithm.evp, nil) == 1 else {
      // Without it no copy can be verified, and every caller would have to handle what never happens on Debian.
      fatalError("libcrypto offers no \(algorithm): is it in a mode that forbids it?")
    }
    self.algorithm = algorithm
    context = made
  }

  deinit { EVP_MD_CTX_free(context) }

  func update(_ bytes: UnsafeRawBufferPointer) { EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) }

  /// The sum's bytes; nothing can be added afterwards.
  func finish() -> [UInt8] {
    var sum = [UInt8](repeating: 0, count: algorithm.size)
    EVP_DigestFinal_ex(context, &sum, nil)
    return sum
  }

  /// The sum as lower-case hex digits; nothing can be added afterwards.
  func finishText() -> String { Hex.text(finish()) }

  /// The sum of bytes at hand as lower-case hex digits.
  static func text(_ algorithm: Algorithm, of bytes: UnsafeRawBufferPointer) -> String {
    let digest = RunningDigest(algorithm)
    digest.update(bytes)
    return digest.finishText()
  }
}
