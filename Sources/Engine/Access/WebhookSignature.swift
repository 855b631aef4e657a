internal import CCrypto
import FoundationEssentials

/// Signatures of webhooks, those that are sent and those that come: HMAC-SHA-256 over id, time and body.
///
/// - Source: Standard Webhooks 1.0.0, "Signature scheme": headers `webhook-id`, `webhook-timestamp`, `webhook-signature`.
public struct WebhookSignature: Sendable {
  /// Why a message is not believed.
  public enum Refusal: String, Sendable, CaseIterable {
    case noID = "its webhook-id is missing, or is not 1 to 200 letters, digits, \"_\" and \"-\""
    case stale = "its webhook-timestamp is missing, or more than 5 minutes from this host's clock"
    case wrong = "none of its signatures is right"
  }

  /// By how many seconds a message may be older or newer than now.
  public static let window: Int64 = 300
  /// A key that is shorter could be guessed.
  public static let shortestKey = 16

  private let key: [UInt8]

  /// - Parameter secret: `whsec_` and base64, as senders hand it out, or any other text as it is. Nil: it is too short to be one.
  public init?(secret: String) {
    if secret.hasPrefix("whsec_") {
      guard let data = Data(base64Encoded: String(secret.dropFirst(6))) else { return nil }
      key = Array(data)
    } else {
      key = Array(secret.utf8)
    }
    guard key.count >= Self.shortestKey else { return nil }
  }

  /// `v1,BASE64`.
  public func sign(id: String, timestamp: Int64, body: [UInt8]) -> String {
    "v1,\(Data(mac(id, timestamp, body)).base64EncodedString())"
  }

  /// Nil: the message was made by somebody who has the key, lately.
  /// - Parameters:
  ///   - signatures: the header: one or more, with blanks between, while a key is being changed.
  ///   - now: seconds since 1970.
  public func refusal(id: String?, timestamp: String?, signatures: String?, body: [UInt8], now: Int64) -> Refusal? {
    // a "." in the id would let two messages have one signature
    guard let id, (1...200).contains(id.utf8.count), id.utf8.allSatisfy(Self.isInID) else { return .noID }
    guard let time = timestamp.flatMap({ Int64($0) }), (0...1 << 40).contains(time), abs(time - now) <= Self.window else { return .stale }
    let right = mac(id, time, body)
    let given = (signatures ?? "").split(separator: " ").prefix(16).filter { $0.hasPrefix("v1,") }
    let isSigned = given.contains { text in
      guard let data = Data(base64Encoded: String(text.dropFirst(3))) else { return false }
      return SecretText.isEqual(right, Array(data))
    }
    return isSigned ? nil : .wrong
  }

  private static func isInID(_ byte: UInt8) -> Bool {
    (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || byte == 0x5F || byte == 0x2D
  }

  private func mac(_ id: String, _ timestamp: Int64, _ body: [UInt8]) -> [UInt8] {
    let text = Array("\(id).\(timestamp).".utf8) + body
    var sum = [UInt8](repeating: 0, count: 32)
    var count: UInt32 = 0
    guard HMAC(EVP_sha256(), key, Int32(key.count), text, text.count, &sum, &count) != nil else {
      // as for SecretText: a signature of zeros would let everybody in
      fatalError("libcrypto offers no HMAC-SHA-256: is it in a mode that forbids it?")
    }
    return sum
  }
}
