/// One thing that a STAC document gets wrong.
public struct StacProblem: Sendable, Hashable, CustomStringConvertible {
  /// JSON Pointer into the document; "" is the document itself.
  public internal(set) var pointer: String
  public let message: String

  public init(pointer: String, message: String) {
    self.pointer = pointer
    self.message = message
  }

  public var description: String { (pointer.isEmpty ? "document" : pointer) + ": " + message }
}
