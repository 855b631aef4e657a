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

  /// The value, for those who want all or nothing.
  /// - Throws: `Problems`, all of them.
  public func get() throws(Problems) -> Value {
    guard let value else { throw Problems(list: problems) }
    return value
  }
}
