/// The documents that a schema consists of, and what each URI in them names.
struct SchemaDocuments {
  private(set) var roots: [JSON] = []
  /// Absolute URIs, with a fragment only for a named subschema.
  private var places: [String: SchemaLocation] = [:]
  /// The URI of each subschema that has an `$id`.
  private var bases: [SchemaLocation: URIReference] = [:]
  private var subschemas = 0
  private let limits: SchemaLimits
  private let remote: (String) -> JSON?

  init(limits: SchemaLimits, remote: @escaping (String) -> JSON?) {
    self.limits = limits
    self.remote = remote
  }

  /// Takes in a document and the `$id`s in it.
  mutating func add(_ root: JSON, uri: String) throws(SchemaError) -> SchemaLocation {
    let start = SchemaLocation(document: roots.count, pointer: "")
    roots.append(root)
    let base = URIReference(uri).withoutFragment
    places[base.text] = start
    bases[start] = base
    var waiting = [(location: start, schema: root, base: base, depth: 0)]
    while let (location, schema, outer, depth) = waiting.popLast() {
      subschemas += 1
      guard subschemas <= limits.maxSubschemas else {
        throw SchemaError(.tooManySubschemas(limit: limits.maxSubschemas), at: "")
      }
      guard depth <= limits.maxDepth else {
        throw SchemaError(.tooDeep(limit: limits.maxDepth), at: Self.shortened(location.pointer))
      }
      guard case .object(let object) = schema else { continue }
      let base = name(location, object, outer)
      for (tokens, child) in Self.children(of: object) {
        let place = tokens.reduce(location) { $0.appending($1) }
        waiting.append((place, child, base, depth + 1))
      }
    }
    return start
  }

  /// What a reference in the subschema at `location` names.
  mutating func resolve(_ reference: String, from location: SchemaLocation) throws(SchemaError) -> SchemaLocation {
    let uri = base(of: location).resolving(URIReference(reference))
    if let named = places[uri.text] { return named }
    let whole = uri.withoutFragment
    let start: SchemaLocation
    if let known = places[whole.text] {
      start = known
    } else {
      start = try load(whole.text, reference, from: location)
    }
    if let named = places[uri.text] { return named }
    let fragment = uri.decodedFragment
    guard fragment.isEmpty || fragment.hasPrefix("/") else {
      throw SchemaError(.unresolved(reference), at: location.pointer)
    }
    let target = JSONPointer.tokens(fragment).reduce(start) { $0.appending($1) }
    switch value(at: target) {
    case .object?, .bool?: return target
    default: throw SchemaError(.unresolved(reference), at: location.pointer)
    }
  }

  /// What stands at a location.
  func value(at location: SchemaLocation) -> JSON? {
    var value = roots[location.document]
    for token in JSONPointer.tokens(location.pointer) {
      let part: JSON? = if case .array = value { Int(token).flatMap { value[$0] } } else { value[token] }
      guard let part else { return nil }
      value = part
    }
    return value
  }

  private mutating func load(
    _ uri: String, _ reference: String, from location: SchemaLocation
  ) throws(SchemaError) -> SchemaLocation {
    if uri == Metaschema.uri { return try add(Metaschema.document, uri: uri) }
    guard let document = remote(uri) else { throw SchemaError(.remote(reference), at: location.pointer) }
    return try add(document, uri: uri)
  }

  /// Enters the subschema's own URI, if it has one, and gives the URI that holds inside it.
  private mutating func name(
    _ location: SchemaLocation, _ object: JSONObject, _ base: URIReference
  ) -> URIReference {
    // Beside $ref every other keyword is ignored.
    guard object["$ref"]?.stringValue == nil, let id = object["$id"]?.stringValue else { return base }
    let uri = base.resolving(URIReference(id))
    if let fragment = uri.fragment, !fragment.isEmpty {
      places[uri.text] = location
      return base
    }
    let own = uri.withoutFragment
    places[own.text] = location
    bases[location] = own
    return own
  }

  private func base(of location: SchemaLocation) -> URIReference {
    var place: SchemaLocation? = location
    while let current = place {
      if let base = bases[current] { return base }
      place = current.parent
    }
    return URIReference("")
  }

  private static let single = [
    "additionalItems", "contains", "additionalProperties", "propertyNames", "not", "if", "then", "else", "items",
  ]
  private static let named = ["definitions", "properties", "patternProperties", "dependencies"]
  private static let listed = ["allOf", "anyOf", "oneOf", "items"]

  /// The subschemas directly under the keywords of an object, with the pointer's steps to each.
  private static func children(of object: JSONObject) -> [(tokens: [String], schema: JSON)] {
    var children: [(tokens: [String], schema: JSON)] = []
    for (key, value) in object.members {
      switch value {
      case .object(let members) where named.contains(key):
        children += members.members.map { ([key, $0.key], $0.value) }
      case .array(let elements) where listed.contains(key):
        children += elements.enumerated().map { ([key, String($0.offset)], $0.element) }
      case .object where single.contains(key):
        children.append(([key], value))
      default: break
      }
    }
    return children
  }

  /// A pointer that a person can still read.
  private static func shortened(_ pointer: String) -> String {
    pointer.count > 60 ? "\(pointer.prefix(60))…" : pointer
  }
}
