/// Where a manifest came from: a file, and its text where that is at hand, so that problems name line and column.
public struct ManifestSource: Sendable {
  public let file: String
  let text: ManifestText?

  public init(text: ManifestText) {
    self.file = text.file
    self.text = text
  }

  /// - Parameter file: the file's path, or a word such as `body`.
  public init(file: String) {
    self.file = file
    self.text = nil
  }

  func problem(at path: ManifestPath, _ message: String, hint: String? = nil) -> Problem {
    text?.problem(at: path, message, hint: hint)
      ?? Problem(file: file, path: path.description, message: message, hint: hint)
  }
}
