/// A version that was loaded, and how it differs from the one that readers see.
struct LoadedVersion: Sendable {
  var version: Int
  var rows: Int
  var delta: Delta
  /// West, south, east, north.
  var bounds: [Double]?
  /// What was met in the source.
  var mended = 0, emptied = 0, recoded = 0
  /// Of the COPY.
  var loadSeconds = 0.0
  /// Readers see it.
  var isCurrent = false
}

/// Rows by their key, and by their content.
struct Delta: Sendable, Equatable {
  var added = 0, updated = 0, deleted = 0
}
