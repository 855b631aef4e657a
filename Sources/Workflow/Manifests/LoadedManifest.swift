/// What reading a manifest gave: the value if nothing is wrong, else every problem, by place.
public struct LoadedManifest<Value: Sendable>: Sendable {
  public let problems: [Problem]
  /// Nil when the document is not JSON.
  public let text: ManifestText?
  /// What could be understood, for the rules to report on; nil when the document is not an object.
  let draft: Value?
  /// Where the draft is not what the document says.
  let gaps: [ManifestPath]

  public var value: Value? { problems.isEmpty ? draft : nil }

  init(bytes: [UInt8], file: String, read: (ManifestText, ProblemLog) -> Value?) {
    do {
      let text = try ManifestText(bytes: bytes, file: file)
      let log = ProblemLog(text: text)
      self.draft = read(text, log)
      self.problems = log.problems.sorted()
      self.gaps = log.paths
      self.text = text
    } catch {
      self.problems = [error]
      self.gaps = []
      self.text = nil
      self.draft = nil
    }
  }

  /// The same with the problems of rules; what a rule says of a place that could not be read is left out.
  func checked(by rules: (Value, ManifestText) -> [Problem]) -> LoadedManifest {
    guard let draft, let text else { return self }
    let places = gaps.map(\.description)
    let found = rules(draft, text).filter { problem in !places.contains { problem.path.isInside($0) } }
    return LoadedManifest(problems: (problems + found).sorted(), text: text, draft: draft, gaps: gaps)
  }

  private init(problems: [Problem], text: ManifestText, draft: Value, gaps: [ManifestPath]) {
    self.problems = problems
    self.text = text
    self.draft = draft
    self.gaps = gaps
  }

  /// The value, for those who want all or nothing.
  /// - Throws: `Problems`, all of them.
  public func get() throws(Problems) -> Value {
    guard let value else { throw Problems(list: problems) }
    return value
  }
}

extension String {
  /// Whether this path is that of a place or of something inside it.
  fileprivate func isInside(_ place: String) -> Bool {
    guard hasPrefix(place) else { return false }
    let rest = dropFirst(place.count)
    return rest.isEmpty || place.isEmpty || rest.first == "." || rest.first == "["
  }
}
