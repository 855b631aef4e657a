/// A path with places for values: `/api/jobs/{id}/stages`.
struct PathTemplate: Sendable, CustomStringConvertible {
  enum Segment: Sendable, Equatable {
    case literal(String)
    /// What stands before `ending`, such as `.mvt`.
    case value(name: String, ending: String)
  }

  let description: String
  let segments: [Segment]

  init(_ text: String) {
    description = text
    if text == "/" {
      segments = [.literal("")]
      return
    }
    segments = text.split(separator: "/").map { part in
      guard part.first == "{", let end = part.firstIndex(of: "}") else { return .literal(String(part)) }
      return .value(name: String(part[part.index(after: part.startIndex)..<end]), ending: String(part[part.index(after: end)...]))
    }
  }

  /// The values by name; nil when the path is another.
  func match(_ path: [String]) -> [String: String]? {
    guard path.count == segments.count else { return nil }
    var values: [String: String] = [:]
    for (segment, part) in zip(segments, path) {
      switch segment {
      case .literal(let text): if text != part { return nil }
      case .value(let name, let ending):
        guard part.hasSuffix(ending), part.utf8.count > ending.utf8.count else { return nil }
        values[name] = String(part.dropLast(ending.count))
      }
    }
    return values
  }

  /// Whether a literal stands where `other` has a value, before it is the other way round.
  func isMoreSpecific(than other: PathTemplate) -> Bool {
    for (mine, theirs) in zip(segments, other.segments) {
      switch (mine, theirs) {
      case (.literal, .value): return true
      case (.value, .literal): return false
      default: continue
      }
    }
    return false
  }
}
