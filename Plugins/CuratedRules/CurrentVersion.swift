/// The version of a dataset that readers see.
package struct CurrentVersion: Sendable, Equatable {
  package var version: Int
  package var sourceVersion: String?
  package var sourceETag: String?
  package var sha256: String?
  package var rowCount: Int
  /// West, south, east, north.
  package var bounds: [Double]?

  package init(
    version: Int, sourceVersion: String? = nil, sourceETag: String? = nil, sha256: String? = nil, rowCount: Int = 0, bounds: [Double]? = nil
  ) {
    self.version = version
    self.sourceVersion = sourceVersion
    self.sourceETag = sourceETag
    self.sha256 = sha256
    self.rowCount = rowCount
    self.bounds = bounds
  }

  /// Whether a file is the one of this version: the same bytes, or the same version where that says enough.
  /// - Parameter isByTime: versions are times at which files were put there, which come anew with the same content.
  package func isOf(version: String?, sha256: String?, isByTime: Bool) -> Bool {
    if let sha256, sha256 == self.sha256 { return true }
    return version != nil && version == sourceVersion && !isByTime
  }
}
