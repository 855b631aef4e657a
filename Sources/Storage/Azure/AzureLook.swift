internal import struct FoundationEssentials.Date

/// What the service says of one blob.
struct AzureLook {
  let head: ObjectHead
  /// Of the write that made it, if that was ours.
  let mark: String?
  let copyID: String?
  let progress: String?
  private let copyStatus: String?

  init(_ reply: HTTPHead, size: UInt64?, subject: String) throws(StorageError) {
    guard let size, let etag = reply["etag"] else {
      throw StorageError(.failed, subject, cause: "the store's answer has no \(size == nil ? "size" : "ETag")")
    }
    let sum = reply["x-ms-meta-" + AzureStore.checksumName]
    head = ObjectHead(
      size: size, etag: Self.etag(etag), modified: reply["last-modified"].flatMap(HTTPDate.parse) ?? .distantPast,
      sha256: sum.flatMap { Hex.isHex($0, bytes: 32) ? $0 : nil }, type: reply["content-type"])
    mark = reply["x-ms-meta-" + AzureStore.markName]
    copyID = reply["x-ms-copy-id"]
    progress = reply["x-ms-copy-progress"]
    copyStatus = reply["x-ms-copy-status"]
  }

  /// A blob that is still copied, or whose copying failed, is empty and no object.
  var isWhole: Bool { Self.isWhole(copyStatus) }
  var isPending: Bool { copyStatus == "pending" }

  static func isWhole(_ copyStatus: String?) -> Bool { copyStatus == nil || copyStatus == "success" }

  /// Headers have it in quotes, lists have not.
  static func etag(_ text: String) -> String {
    text.hasPrefix("\"") && text.hasSuffix("\"") && text.utf8.count > 1 ? String(text.dropFirst().dropLast()) : text
  }
}
