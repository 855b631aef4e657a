/// Why what a library says of itself could not be understood.
public struct DescriptionError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Such as `handlers[1].params_schema`.
  public let path: String
  public let message: String

  public var description: String { path.isEmpty ? message : "\(path): \(message)" }

  init(_ path: ManifestPath, _ message: String) {
    self.path = path.description
    self.message = message
  }
}
