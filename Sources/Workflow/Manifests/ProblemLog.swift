/// Gathers the problems of one document while it is read.
final class ProblemLog {
  let text: ManifestText
  private(set) var problems: [Problem] = []
  /// Where something has been reported: what stands there was not understood.
  private(set) var paths: [ManifestPath] = []

  init(text: ManifestText) {
    self.text = text
    reportTwins(in: text.root, at: ManifestPath())
  }

  func report(_ value: LocatedValue, at path: ManifestPath, _ message: String, hint: String? = nil) {
    report(offset: value.offset, at: path, message, hint: hint)
  }

  func report(offset: Int, at path: ManifestPath, _ message: String, hint: String? = nil) {
    problems.append(text.problem(at: path, offset: offset, message, hint: hint))
    paths.append(path)
  }

  private func reportTwins(in value: LocatedValue, at path: ManifestPath) {
    switch value.content {
    case .array(let elements):
      for (index, element) in elements.enumerated() { reportTwins(in: element, at: path[index]) }
    case .object(let members):
      var seen: [String: Int] = [:]
      for member in members {
        if let first = seen.updateValue(member.offset, forKey: member.name) {
          report(
            offset: member.offset, at: path[member.name], "the key is there twice.",
            hint: "It stands in line \(text.position(at: first).line) already: keep one.")
        }
        reportTwins(in: member.value, at: path[member.name])
      }
    case .scalar: break
    }
  }
}
