/// Every problem of a document as one error.
public struct Problems: Error, Sendable, CustomStringConvertible {
  public let list: [Problem]

  public init(list: [Problem]) { self.list = list }

  public var description: String { list.map(\.description).joined(separator: "\n") }
}
