/// The name that an operator gave to a place for objects: 1 to 63 letters, digits, ".", "-", "_"; a letter or digit first.
public struct ContainerName: Sendable, Hashable, CustomStringConvertible {
  public let text: String

  /// - Throws: `.invalid` with what is wrong.
  public init(_ text: String) throws(StorageError) {
    let bytes = text.utf8
    guard let first = bytes.first else { throw StorageError(.invalid("a container's name is empty"), "\"\"") }
    guard bytes.count <= 63 else {
      throw StorageError(.invalid("a container's name has at most 63 characters, this has \(bytes.count)"), text)
    }
    guard Self.isAlphanumeric(first), bytes.allSatisfy({ Self.isAlphanumeric($0) || $0 == 45 || $0 == 46 || $0 == 95 })
    else {
      let rule = "a container's name has letters, digits, \".\", \"-\" and \"_\" only, and starts with a letter or digit"
      throw StorageError(.invalid(rule), text)
    }
    self.text = text
  }

  public var description: String { text }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }
}
