/// The place of a value in a manifest, as people write it: `stages[1].handler`.
public struct ManifestPath: Sendable, Hashable {
  public enum Component: Sendable, Hashable {
    case member(String)
    case element(Int)
  }

  public var components: [Component]

  public init(_ components: [Component] = []) { self.components = components }

  public static func + (path: ManifestPath, rest: ManifestPath) -> ManifestPath {
    ManifestPath(path.components + rest.components)
  }

  public subscript(member: String) -> ManifestPath { ManifestPath(components + [.member(member)]) }
  public subscript(element: Int) -> ManifestPath { ManifestPath(components + [.element(element)]) }

  /// True for the path itself and for every place inside it.
  public func contains(_ other: ManifestPath) -> Bool { other.components.starts(with: components) }
}

extension ManifestPath: CustomStringConvertible {
  public var description: String {
    var text = ""
    for component in components {
      switch component {
      case .element(let index): text += "[\(index)]"
      case .member(let name) where name.isPlain: text += text.isEmpty ? name : ".\(name)"
      case .member(let name): text += "[\"\(name)\"]"
      }
    }
    return text
  }
}

extension String {
  fileprivate var isPlain: Bool {
    !isEmpty
      && utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "$"):
          true
        default: false
        }
      }
  }
}
