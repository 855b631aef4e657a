/// Everything that is wrong with a template or a condition.
public struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
  public struct Fault: Error, Sendable, Hashable {
    /// Inside the template.
    public var place: ManifestPath
    public let message: String
    public let hint: String?

    init(_ message: String, hint: String? = nil, place: ManifestPath = ManifestPath()) {
      self.message = message
      self.hint = hint
      self.place = place
    }

    func at(_ place: ManifestPath) -> Fault { Fault(message, hint: hint, place: place) }
  }

  public let faults: [Fault]

  public var description: String {
    faults.map { $0.place.components.isEmpty ? $0.message : "\($0.place): \($0.message)" }.joined(separator: "\n")
  }
}
