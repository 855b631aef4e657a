import Testing
import Workflow

@Suite struct `Schema problems` {
  private static let parameters: JSON = [
    "type": "object",
    "required": ["source_container", "target_container"],
    "additionalProperties": false,
    "properties": [
      "source_container": ["type": "string", "minLength": 3, "pattern": "^[a-z0-9]+$"],
      "target_container": ["type": "string"],
      "batch_size": ["type": "integer", "minimum": 1, "maximum": 1000, "default": 100],
      "overwrite": ["type": "boolean", "default": false],
      "h3_theme": ["type": ["string", "null"], "enum": ["landcover", "crops", nil]],
      "bbox": ["type": "array", "items": ["type": "number"], "minItems": 4, "maxItems": 4],
      "tags": ["type": "array", "uniqueItems": true, "contains": ["type": "string"]],
      "step": ["multipleOf": 0.01, "exclusiveMinimum": 0, "exclusiveMaximum": 1],
      "limits": [
        "minProperties": 1, "propertyNames": ["pattern": "^[a-z]+$"],
        "dependencies": ["from": ["to"]], "not": ["required": ["never"]],
      ],
      "source": [
        "oneOf": [
          ["properties": ["kind": ["const": "s3"], "bucket": ["type": "string"]], "required": ["bucket"]],
          ["properties": ["kind": ["const": "dir"], "path": ["type": "string"]], "required": ["path"]],
        ]
      ],
      "size": ["anyOf": [["type": "integer"], ["type": "null"], ["enum": ["small", "large"]]]],
      "version": ["const": 1],
    ],
  ]

  private func messages(_ text: String, schema: JSON = parameters) throws -> [String] {
    try Schema(schema).problems(in: try JSON(parsing: text)).map(\.message)
  }

  /// The messages for one member of otherwise good parameters.
  private func messages(for member: String) throws -> [String] {
    try messages(#"{"source_container": "bronze", "target_container": "silver", \#(member)}"#)
  }

  @Test func `good parameters have none`() throws {
    #expect(try messages(for: #""batch_size": 100.0, "h3_theme": null, "size": "small", "step": 0.07"#) == [])
  }

  @Test func `all are told at once`() throws {
    #expect(
      try messages(#"{"source_container": "B", "batch_size": "100", "target_contaner": "x"}"#) == [
        #"/source_container: expected at least 3 characters, got 1 ("B")."#,
        #"/source_container: expected a string that matches ^[a-z0-9]+$, got "B"."#,
        #"/batch_size: expected an integer, got "100" (a string). Did you mean 100, without quotes?"#,
        "/target_contaner: expected one of the members source_container, target_container, batch_size, "
          + "overwrite, h3_theme, bbox, tags, step, limits, source, size, version, "
          + #"got the unknown member "target_contaner". Did you mean "target_container"?"#,
        "/target_container: expected a string, which is required, got nothing. "
          + #"Is it what stands there as "target_contaner"?"#,
      ])
  }

  @Test(arguments: [
    (#""batch_size": 1.5"#, "/batch_size: expected an integer, got 1.5 (a number)."),
    (#""batch_size": 0"#, "/batch_size: expected at least 1, got 0."),
    (#""batch_size": 1e400"#, "/batch_size: expected at most 1000, got 1e400."),
    (#""batch_size": null"#, "/batch_size: expected an integer, got null."),
    (
      #""overwrite": "false""#,
      #"/overwrite: expected true or false, got "false" (a string). Did you mean false, without quotes?"#
    ),
    (
      #""h3_theme": "corps""#,
      #"/h3_theme: expected one of "landcover", "crops", null, got "corps". Did you mean "crops"?"#
    ),
    (
      #""h3_theme": 7"#,
      #"/h3_theme: expected one of "landcover", "crops", null, got 7 (a number). Did you mean "7", in quotes?"#
    ),
    (#""bbox": [1, 2]"#, "/bbox: expected at least 4 elements, got 2."),
    (#""bbox": [1, 2, "3", 4]"#, #"/bbox/2: expected a number, got "3" (a string). Did you mean 3, without quotes?"#),
    (#""bbox": {"a": 1}"#, "/bbox: expected an array, got an object of 1 member. Did you mean an array that holds it?"),
    (#""bbox": 1"#, "/bbox: expected an array, got 1 (a number). Did you mean an array that holds it?"),
    (#""tags": ["a", "b", "a"]"#, #"/tags/2: expected an element unlike element 0, got "a"."#),
    (#""tags": [1, 1.0, "a"]"#, "/tags/1: expected an element unlike element 0, got 1.0."),
    (#""tags": [1]"#, "/tags: expected an element that is a string, got 1 element without one."),
    (#""step": 0.075"#, "/step: expected a multiple of 0.01, got 0.075."),
    (#""step": 1.00"#, "/step: expected less than 1, got 1.00."),
    (#""step": 0"#, "/step: expected more than 0, got 0."),
    (#""limits": {}"#, "/limits: expected at least 1 member, got 0."),
    (#""limits": {"a/B": 1}"#, #"/limits/a~1B: expected as its name a string that matches ^[a-z]+$, got "a/B"."#),
    (#""limits": {"from": 1}"#, #"/limits/to: expected a value, which "from" requires, got nothing."#),
    (
      #""limits": {"never": 1}"#,
      "/limits: expected anything but an object with never, got an object of 1 member."
    ),
    (#""version": 2"#, "/version: expected 1, got 2."),
    (#""size": true"#, #"/size: expected an integer or null or one of "small", "large", got true."#),
    (
      #""size": "smal""#,
      #"/size: expected an integer or null or one of "small", "large", got "smal". Did you mean "small"?"#
    ),
    (
      #""source": {"kind": "s3", "bukket": "b"}"#,
      #"/source/bucket: expected a string, which is required, got nothing. "#
        + #"Is it what stands there as "bukket"?"#
    ),
    (
      #""source": {}"#,
      "/source: expected a string, which is required at /bucket or a string, which is required at /path, "
        + "got an empty object."
    ),
    (
      #""source": {"bucket": "b", "path": "p"}"#,
      "/source: expected a value of exactly one of 2 forms, got one that fits forms 1 and 2 "
        + "(an object of 2 members)."
    ),
  ])
  func `each says where, what was expected and what was given`(member: String, message: String) throws {
    #expect(try messages(for: member) == [message])
  }

  @Test func `the root has a name`() throws {
    #expect(try messages("[]") == ["the value: expected an object, got an empty array."])
  }

  @Test func `a long value is shortened`() throws {
    let long = String(repeating: "é", count: 100)
    #expect(
      try messages("\"\(long)\"", schema: ["type": "null"]) == [
        "the value: expected null, got \"\(long.prefix(60))…\" (a string)."
      ])
  }

  @Test func `a document that is no schema is refused with every place`() throws {
    let error = #expect(throws: SchemaError.self) {
      try Schema(["type": "strin", "properties": ["a": ["minimum": "1"], "b": 7], "required": "a"])
    }
    #expect(
      error?.message == """
        /properties/b: expected a schema, which is an object or true or false, got 7 (a number).
        """)
    let second = #expect(throws: SchemaError.self) {
      try Schema(["type": "strin", "properties": ["a": ["minimum": "1"]], "required": "a"])
    }
    #expect(
      second?.message == #"""
        /type: expected one of "array", "boolean", "integer", "null", "number", "object", "string" or an array, got "strin". Did you mean "string"?
        /properties/a/minimum: expected a number, got "1" (a string). Did you mean 1, without quotes?
        /required: expected an array, got "a" (a string). Did you mean an array that holds it?
        """#)
  }
}
