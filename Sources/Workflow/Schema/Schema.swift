/// A JSON Schema of draft-07, compiled once, checked against as often as needed.
///
/// `format` and `content…` are annotations only; `pattern` is run in linear time; a `$ref` may lead anywhere in the
/// document or to draft-07's own schema, nowhere else. What a schema can cost is limited when it is compiled and when
/// it is used, so that a hostile one is refused within milliseconds.
/// - Source: JSON Schema Validation draft-handrews-json-schema-validation-01.
public struct Schema: Sendable {
  /// What the schema was made of.
  public let document: JSON
  let subschemas: [Subschema]
  let limits: SchemaLimits

  /// - Throws: ``SchemaError`` for what is no schema, or one that Weir cannot check with.
  public init(_ document: JSON, limits: SchemaLimits = SchemaLimits()) throws(SchemaError) {
    try self.init(document, limits: limits, remote: { _ in nil })
  }

  /// Asks `remote` for the document of each URI that the schema refers to and does not hold.
  init(
    _ document: JSON, limits: SchemaLimits = SchemaLimits(), remote: @escaping (String) -> JSON?
  ) throws(SchemaError) {
    self.document = document
    self.limits = limits
    // Compiling first: it knows the limits that the metaschema's check has not.
    subschemas = try SchemaCompiler.compile(document, limits: limits, remote: remote)
    let problems = Metaschema.schema.problems(in: document)
    if let first = problems.first { throw SchemaError(.notASchema(problems), at: first.pointer) }
  }

  /// Takes a document that is known to be a schema.
  init(trusted document: JSON) throws(SchemaError) {
    self.document = document
    limits = SchemaLimits()
    subschemas = try SchemaCompiler.compile(document, limits: limits, remote: { _ in nil })
  }

  /// Everything in which `value` does not fit; empty when it does.
  public func problems(in value: JSON) -> [SchemaProblem] {
    var check = SchemaCheck(self, value, collects: false)
    if check.passes() { return [] }
    if let exhaustion = check.exhaustion { return [exhaustion] }
    check = SchemaCheck(self, value, collects: true)
    return check.allProblems()
  }

  public func problems(in raw: RawJSON) -> [SchemaProblem] { problems(in: raw.parsed()) }

  /// Whether `value` fits.
  public func accepts(_ value: JSON) -> Bool {
    var check = SchemaCheck(self, value, collects: false)
    return check.passes()
  }

  /// Whether anything that it describes is secret: `"writeOnly": true`, or `"format": "password"`.
  public var hasSecrets: Bool { subschemas.contains(where: \.isSecret) }

  /// The value with `***` in the place of what is secret.
  public func hidingSecrets(in value: JSON) -> JSON {
    var secrets = SchemaSecrets(self)
    return secrets.hide(0, in: value)
  }

  /// The value with the `default` of every property that it lacks, in nested objects too.
  ///
  /// Looks through `$ref` and `allOf`. An object that the value lacks is not made up, and an inserted default stays as
  /// it is written.
  public func defaults(applyingTo value: JSON) -> JSON {
    var value = value
    var defaults = SchemaDefaults(self)
    defaults.apply(0, to: &value)
    return value
  }
}
