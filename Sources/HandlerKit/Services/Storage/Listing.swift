/// One page of a container's objects.
public struct Listing: Sendable {
  public let objects: [(key: String, head: ObjectHead)]
  /// What the delimiter folded together.
  public let prefixes: [String]
  /// The page after this one; nil at the end.
  public let next: String?

  init(_ json: JSONText) {
    objects = (json["objects"]?.elements ?? []).map { ($0["key"]?.string ?? "", ObjectHead($0)) }
    prefixes = (json["prefixes"]?.elements ?? []).compactMap(\.string)
    next = json["next"]?.string
  }
}
