/// Where an expression reads: `stages.inventory.result.intervals[0]`.
///
/// `.name` is a member of an object and `[0]` an element of an array, counted from 0. Names are letters, digits,
/// `_`, `-` and `:` (`item.properties.proj:epsg`). What is not there is null; a member of what is no object, or an
/// element of what is no array, is an error.
public struct ExpressionPath: Sendable, Hashable {
  public enum Segment: Sendable, Hashable {
    case member(String)
    case element(Int)
  }

  public let root: ExpressionRoot
  /// What follows the root.
  public let rest: [Segment]

  public init(_ root: ExpressionRoot, _ rest: [Segment] = []) {
    self.root = root
    self.rest = rest
  }

  /// The stage whose result or totals are read.
  public var stage: String? {
    guard root == .stages, case .member(let id)? = rest.first else { return nil }
    return id
  }

  /// The member after the root, or nil: the parameter's name in `params.batch_size`.
  public var firstMember: String? {
    guard case .member(let name)? = rest.first else { return nil }
    return name
  }

  /// The value at the segments from `start` on, inside `value`; nil when it is not there.
  func resolve(in value: RawJSON, from start: Int = 0) throws(ExpressionError) -> RawJSON? {
    var value = value
    for position in rest.indices.dropFirst(start) {
      guard let next = try step(into: value, at: position) else { return nil }
      value = next
    }
    return value
  }

  private func step(into value: RawJSON, at position: Int) throws(ExpressionError) -> RawJSON? {
    switch (rest[position], value.kind) {
    case (_, .null): return nil
    case (.member(let name), .object): return value.member(name)
    case (.element(let index), .array): return value.element(index)
    case (.member, let kind), (.element, let kind):
      throw ExpressionError(
        path: self, reason: .wrongKind(at: ExpressionPath(root, Array(rest[..<position])), kind: kind.phrase))
    }
  }
}

extension ExpressionPath: CustomStringConvertible {
  public var description: String {
    rest.reduce(into: root.rawValue) { text, segment in
      switch segment {
      case .member(let name): text += ".\(name)"
      case .element(let index): text += "[\(index)]"
      }
    }
  }
}
