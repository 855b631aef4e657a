/// Whether a source has something that readers do not see yet.
package struct UpdateDecision: Equatable {
  package var needsUpdate: Bool
  /// Why, in words for the log.
  package var reason: String

  /// - Parameters:
  ///   - version: by which versions are told apart; nil: it stands in the file.
  ///   - etag: of the file, where the source sends one.
  ///   - isRelease: versions are months, and an earlier one is nothing new.
  package init(version: String?, etag: String?, current: CurrentVersion?, isRelease: Bool = false, isForced: Bool) {
    guard let current else {
      (needsUpdate, reason) = (true, "there is no version yet")
      return
    }
    let isSame = version.map { $0 == current.sourceVersion } ?? (etag != nil && etag == current.sourceETag)
    let known = current.sourceVersion ?? "none"
    if isForced, isSame {
      (needsUpdate, reason) = (true, "the source has nothing new, and the update is forced")
    } else if isSame {
      (needsUpdate, reason) = (false, "the source still has \(version ?? current.sourceVersion ?? "the same file")")
    } else if let version, isRelease, !isForced, let found = ReleaseMonth(version), let seen = ReleaseMonth(known), found < seen {
      // the newest release may be away for an hour
      (needsUpdate, reason) = (false, "the source has \(version), and readers see \(known) already")
    } else if let version {
      (needsUpdate, reason) = (true, "the source has \(version), readers see \(known)")
    } else {
      (needsUpdate, reason) = (true, "the source's file may be another")
    }
  }
}
