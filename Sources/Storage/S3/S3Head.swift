internal import struct FoundationEssentials.Date

/// How S3 says what it knows of an object.
enum S3Head {
  /// The SHA-256 of the whole object, kept by us as metadata.
  static let sha256 = "x-amz-meta-weir-sha256"
  /// Who wrote it, where that must be known after a lost answer.
  static let writer = "x-amz-meta-weir-writer"

  /// `size`: where it does not stand in Content-Length.
  static func head(_ head: HTTPHead, size: UInt64? = nil) -> ObjectHead {
    let sum = head[sha256].flatMap { Hex.isHex($0, bytes: 32) ? $0 : nil }
    let modified = (head["last-modified"] ?? head["date"]).flatMap(HTTPDate.parse)
    return ObjectHead(
      size: size ?? head.contentLength ?? 0, etag: etag(head["etag"] ?? ""), modified: modified ?? Date(timeIntervalSince1970: 0),
      sha256: sum, type: head["content-type"])
  }

  /// Without the quotes, which some servers put and some do not.
  static func etag(_ text: String) -> String {
    text.hasPrefix("\"") && text.hasSuffix("\"") && text.utf8.count >= 2 ? String(text.dropFirst().dropLast()) : text
  }

  /// Whether it is the MD5 of an object's bytes, as it is for what was stored in one piece and not encrypted by key.
  static func isMD5(_ etag: String) -> Bool { Hex.isHex(etag.lowercased(), bytes: 16) }
}
