/// A version that was loaded, and how it differs from the one that readers see.
package struct LoadedVersion: Sendable, Equatable {
  package var version: Int
  package var rows: Int
  package var delta: Delta
  /// West, south, east, north.
  package var bounds: [Double]?
  /// What was met in the source.
  package var mended = 0, emptied = 0, recoded = 0
  /// Of the COPY.
  package var loadSeconds = 0.0
  /// Readers see it.
  package var isCurrent = false

  package init(version: Int, rows: Int, delta: Delta, bounds: [Double]?) {
    self.version = version
    self.rows = rows
    self.delta = delta
    self.bounds = bounds
  }
}
