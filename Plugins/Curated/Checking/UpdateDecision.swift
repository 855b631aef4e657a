/// Whether a source has something that readers do not see yet.
struct UpdateDecision: Equatable {
  var needsUpdate: Bool
  /// Why, in words for the log.
  var reason: String

  /// - Parameters:
  ///   - version: by which versions are told apart; nil: it stands in the file.
  ///   - etag: of the file, where the source sends one.
  init(version: String?, etag: String?, current: CurrentVersion?, isForced: Bool) {
    guard let current else {
      (needsUpdate, reason) = (true, "there is no version yet")
      return
    }
    let isSame = version.map { $0 == current.sourceVersion } ?? (etag != nil && etag == current.sourceETag)
    if isForced, isSame {
      (needsUpdate, reason) = (true, "the source has nothing new, and the update is forced")
    } else if isSame {
      (needsUpdate, reason) = (false, "the source still has \(version ?? current.sourceVersion ?? "the same file")")
    } else if let version {
      (needsUpdate, reason) = (true, "the source has \(version), readers see \(current.sourceVersion ?? "none")")
    } else {
      (needsUpdate, reason) = (true, "the source's file may be another")
    }
  }
}
