/// Where a subschema stands: in which document, at which JSON Pointer.
struct SchemaLocation: Hashable {
  let document: Int
  let pointer: String

  func appending(_ tokens: String...) -> SchemaLocation {
    SchemaLocation(
      document: document, pointer: tokens.reduce(pointer) { "\($0)/\(JSONPointer.escaped($1))" })
  }

  var parent: SchemaLocation? {
    guard let slash = pointer.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
    return SchemaLocation(document: document, pointer: String(pointer[..<slash]))
  }
}
