extension HandlerDescription {
  private static let idempotent = 1
  private static let pure = 2

  /// As the frame READY has it: the schemas are JSON texts in strings.
  public init(json: JSON) throws(DescriptionError) { try self.init(json: json, at: ManifestPath()) }

  init(json: JSON, at path: ManifestPath) throws(DescriptionError) {
    let reader = DescriptionReader(json: json, path: path)
    let flags = try reader.integer("flags") ?? 0
    guard let schema = try reader.document("params_schema") else {
      throw DescriptionError(path["params_schema"], "is missing: every handler describes its params.")
    }
    self.init(
      name: try reader.required("name"), version: try reader.required("version"),
      isIdempotent: flags & Self.idempotent != 0, isPure: flags & Self.pure != 0, title: try reader.string("title"),
      description: try reader.string("description"), paramsSchema: schema,
      resultSchema: try reader.document("result_schema"), itemSchema: try reader.document("item_schema"),
      services: try reader.strings("services"), optional: try reader.strings("optional"),
      timeout: try reader.positive("timeout_ms").map { .milliseconds($0) }, memoryMB: try reader.positive("memory_mb"),
      hasCheck: json["has_check"]?.boolValue ?? false)
  }

  public var json: JSON {
    func text(_ schema: JSON?) -> JSON { schema.map { .string($0.serialized()) } ?? .null }
    let milliseconds = timeout.map { Int($0 / .milliseconds(1)) } ?? 0
    return [
      "name": .string(name), "version": .string(version),
      "flags": JSON((isIdempotent ? Self.idempotent : 0) | (isPure ? Self.pure : 0)),
      "title": title.map { .string($0) } ?? .null, "description": description.map { .string($0) } ?? .null,
      "params_schema": text(paramsSchema), "result_schema": text(resultSchema), "item_schema": text(itemSchema),
      "services": .array(services.map { .string($0) }), "optional": .array(optional.map { .string($0) }),
      "timeout_ms": JSON(milliseconds), "memory_mb": JSON(memoryMB ?? 0), "has_check": .bool(hasCheck),
    ]
  }
}
