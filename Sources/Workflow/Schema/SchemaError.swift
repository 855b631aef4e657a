/// Why a document is no schema that Weir can check with.
public struct SchemaError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Code: Sendable, Hashable {
    /// It breaks the rules of draft-07, in each of these places.
    case notASchema([SchemaProblem])
    case tooDeep(limit: Int)
    case tooManySubschemas(limit: Int)
    /// So many subschemas apply to one value that a check could take forever.
    case tooCostly(limit: Int)
    /// As ``tooCostly(limit:)``, each through the one before.
    case tooManyInRow(limit: Int)
    case badPattern(String, reason: String)
    case badDivisor(String)
    /// The reference names nothing in the document.
    case unresolved(String)
    /// The reference leads out of the document.
    case remote(String)
    /// The subschema applies itself to the same value, without end.
    case endless
  }

  public let code: Code
  /// JSON Pointer of the subschema in its document.
  public let pointer: String

  init(_ code: Code, at pointer: String) {
    self.code = code
    self.pointer = pointer
  }

  /// What is wrong, beginning with where.
  public var message: String {
    let place = pointer.isEmpty ? "the schema" : pointer
    return switch code {
    case .notASchema(let problems): problems.map(\.message).joined(separator: "\n")
    case .tooDeep(let limit): "\(place): subschemas are nested deeper than \(limit) levels."
    case .tooManySubschemas(let limit): "\(place): the schema has more than \(limit) subschemas."
    case .tooCostly(let limit):
      "\(place): more than \(limit) subschemas apply to one value through $ref, allOf and their like."
    case .tooManyInRow(let limit): "\(place): more than \(limit) subschemas refer one to the next for the same value."
    case .badPattern(let pattern, let reason): "\(place): the pattern \(JSON.quoted(SchemaPhrase.short(pattern))) \(reason)."
    case .badDivisor(let text): "\(place): multipleOf \(text) has more than 18 digits."
    case .unresolved(let reference): "\(place): the $ref \(JSON.quoted(SchemaPhrase.short(reference))) names nothing in this schema."
    case .remote(let reference): "\(place): the $ref \(JSON.quoted(SchemaPhrase.short(reference))) leads out of this schema."
    case .endless: "\(place): this subschema refers to itself for the same value, which would never end."
    }
  }

  /// How to mend it.
  public var hint: String? {
    switch code {
    case .notASchema: "See https://json-schema.org/draft-07 for the keywords."
    case .tooDeep, .tooManySubschemas: "Name repeated parts under \"definitions\" and refer to them."
    case .tooCostly, .tooManyInRow, .endless: "Refer to a subschema only for a part of the value, such as a property or an item."
    case .badPattern: "Patterns are ECMAScript's without look-around and back-references."
    case .badDivisor: "Round it."
    case .unresolved: "References look like \"#/definitions/NAME\"."
    case .remote: "Copy the other schema under \"definitions\"; Weir fetches none."
    }
  }

  public var description: String { hint.map { "\(message)\n\($0)" } ?? message }
}
