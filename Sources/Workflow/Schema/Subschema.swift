/// One compiled subschema. Subschemas name each other by their place in ``Schema``'s list, so cycles need no care.
final class Subschema: Sendable {
  enum Kind: Sendable {
    case acceptsAll
    case refusesAll
    case reference(Int)
    case rules
  }

  struct Numbers: Sendable {
    var minimum: JSONNumber?
    var maximum: JSONNumber?
    var exclusiveMinimum: JSONNumber?
    var exclusiveMaximum: JSONNumber?
    var divisor: (text: String, value: JSONDecimal)?
  }

  struct Strings: Sendable {
    var minLength = 0
    var maxLength = Int.max
    var pattern: SchemaPattern?
  }

  struct Arrays: Sendable {
    /// For every element, unless there is a `tuple`.
    var each: Int?
    var tuple: [Int]?
    var additional: Int?
    var contains: Int?
    var minItems = 0
    var maxItems = Int.max
    var isUnique = false
  }

  struct Objects: Sendable {
    var properties: [(key: String, subschema: Int)] = []
    var places: [JSONText: Int] = [:]
    var patterns: [(pattern: SchemaPattern, subschema: Int)] = []
    var additional: Int?
    var names: Int?
    var required: [String] = []
    var requiredWith: [(key: String, others: [String])] = []
    var appliedWith: [(key: String, subschema: Int)] = []
    var minProperties = 0
    var maxProperties = Int.max
  }

  struct Combinations: Sendable {
    var all: [Int] = []
    var any: [Int]?
    var one: [Int]?
    var none: Int?
    var condition: (test: Int, then: Int?, otherwise: Int?)?
  }

  let kind: Kind
  /// JSON Pointer in its document.
  let pointer: String
  let types: SchemaTypes?
  let allowed: [JSON]?
  let constant: JSON?
  let numbers: Numbers?
  let strings: Strings?
  let arrays: Arrays?
  let objects: Objects?
  let combinations: Combinations?
  let defaultValue: JSON?
  /// Whether its values are not to be shown.
  let isSecret: Bool

  init(_ kind: Kind, at pointer: String) {
    self.kind = kind
    self.pointer = pointer
    types = nil
    allowed = nil
    constant = nil
    numbers = nil
    strings = nil
    arrays = nil
    objects = nil
    combinations = nil
    defaultValue = nil
    isSecret = false
  }

  /// Compiles the keywords of one object; `compiler` gives subschemas their places.
  init(_ object: JSONObject, in location: SchemaLocation, _ compiler: inout SchemaCompiler) throws(SchemaError) {
    kind = .rules
    pointer = location.pointer
    types = object["type"].map(SchemaTypes.init)
    allowed = object["enum"]?.arrayValue
    constant = object["const"]
    defaultValue = object["default"]
    isSecret = object["writeOnly"]?.boolValue == true || object["format"]?.stringValue == "password"
    numbers = try compiler.numbers(object, location)
    strings = try compiler.strings(object, location)
    arrays = try compiler.arrays(object, location)
    objects = try compiler.objects(object, location)
    combinations = try compiler.combinations(object, location)
  }

  /// The subschemas that are applied to the same value as this one.
  var appliedToSameValue: [Int] {
    if case .reference(let target) = kind { return [target] }
    var places = objects?.appliedWith.map(\.subschema) ?? []
    guard let combinations else { return places }
    places += combinations.all
    places += combinations.any ?? []
    places += combinations.one ?? []
    if let none = combinations.none { places.append(none) }
    if let condition = combinations.condition {
      places += [condition.test, condition.then, condition.otherwise].compactMap { $0 }
    }
    return places
  }
}
