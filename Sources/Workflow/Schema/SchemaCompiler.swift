/// Turns documents into the list of compiled subschemas.
///
/// Works through a list of what still waits, so that neither nesting nor `$ref` cycles cost stack.
struct SchemaCompiler {
  private(set) var documents: SchemaDocuments
  let limits: SchemaLimits
  private var subschemas: [Subschema?] = []
  private var places: [SchemaLocation: Int] = [:]
  private var waiting: [(place: Int, location: SchemaLocation, schema: JSON)] = []

  private init(limits: SchemaLimits, remote: @escaping (String) -> JSON?) {
    self.limits = limits
    documents = SchemaDocuments(limits: limits, remote: remote)
  }

  /// The compiled subschemas, the root first.
  static func compile(
    _ document: JSON, limits: SchemaLimits, remote: @escaping (String) -> JSON?
  ) throws(SchemaError) -> [Subschema] {
    var compiler = SchemaCompiler(limits: limits, remote: remote)
    let start = try compiler.documents.add(document, uri: "")
    _ = try compiler.place(of: document, at: start)
    while let (place, location, schema) = compiler.waiting.popLast() {
      compiler.subschemas[place] = try compiler.compiled(schema, location)
    }
    let subschemas = compiler.subschemas.compactMap { $0 }
    try SchemaCost.check(subschemas, limits: limits)
    return subschemas
  }

  /// The place in the list of the subschema at `location`; compiles it later.
  mutating func place(of schema: JSON, at location: SchemaLocation) throws(SchemaError) -> Int {
    if let place = places[location] { return place }
    guard subschemas.count < limits.maxSubschemas else {
      throw SchemaError(.tooManySubschemas(limit: limits.maxSubschemas), at: location.pointer)
    }
    subschemas.append(nil)
    places[location] = subschemas.count - 1
    waiting.append((subschemas.count - 1, location, schema))
    return subschemas.count - 1
  }

  private mutating func compiled(_ schema: JSON, _ location: SchemaLocation) throws(SchemaError) -> Subschema {
    switch schema {
    case .bool(let accepts):
      return Subschema(accepts ? .acceptsAll : .refusesAll, at: location.pointer)
    case .object(let object):
      guard let reference = object["$ref"]?.stringValue else {
        return try Subschema(object, in: location, &self)
      }
      let target = try documents.resolve(reference, from: location)
      return Subschema(
        .reference(try place(of: documents.value(at: target) ?? true, at: target)), at: location.pointer)
    default:
      let problem = SchemaProblem(
        pointer: location.pointer, keyword: "type", expected: "a schema, which is an object or true or false",
        given: SchemaPhrase.rendering(schema, withKind: true))
      throw SchemaError(.notASchema([problem]), at: location.pointer)
    }
  }
}
