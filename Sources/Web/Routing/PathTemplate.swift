/// A path with places for values: `/api/jobs/{id}/stages`.
struct PathTemplate: Sendable, CustomStringConvertible {
  enum Segment: Sendable, Equatable {
    case literal(String)
    case value(name: String)
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
      part.hasPrefix("{") && part.hasSuffix("}") ? .value(name: String(part.dropFirst().dropLast())) : .literal(String(part))
    }
  }

  /// The values by name; nil when the path is another.
  func match(_ path: [String]) -> [String: String]? {
    guard path.count == segments.count else { return nil }
    var values: [String: String] = [:]
    for (segment, part) in zip(segments, path) {
      switch segment {
      case .literal(let text): if text != part { return nil }
      case .value(let name):
        if part.isEmpty { return nil }
        values[name] = part
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
