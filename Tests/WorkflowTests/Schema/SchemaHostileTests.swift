import Testing

@testable import Workflow

@Suite struct `Hostile schemas` {
  private func failure(_ schema: JSON) -> String? {
    do throws(SchemaError) {
      _ = try Schema(schema)
      return nil
    } catch {
      return error.message
    }
  }

  /// Runs `body` and says whether it took far longer than it may; milliseconds are expected.
  private func isQuick(_ body: () throws -> Void) rethrows -> Bool {
    try ContinuousClock().measure(body) < .seconds(10)
  }

  @Test func `200,000 levels of schema are one error of the parser`() {
    let text = String(repeating: #"{"not":"#, count: 200_000) + "true" + String(repeating: "}", count: 200_000)
    let error = #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
    #expect(error?.description == "line 1, column 3585: nested deeper than 512 levels, which is the limit")
  }

  @Test func `deep subschemas are refused`() throws {
    let text = String(repeating: #"{"not":"#, count: 400) + "true" + String(repeating: "}", count: 400)
    let message = failure(try JSON(parsing: text))
    #expect(message?.hasSuffix("…: subschemas are nested deeper than 128 levels.") == true)
  }

  @Test func `a $ref to itself is refused`() {
    #expect(
      failure(["$ref": "#"])
        == "the schema: this subschema refers to itself for the same value, which would never end.")
  }

  @Test func `a $ref cycle is refused, also through allOf`() {
    let schema: JSON = [
      "definitions": [
        "a": ["$ref": "#/definitions/b"], "b": ["allOf": [["$ref": "#/definitions/a"]]],
      ],
      "properties": ["x": ["$ref": "#/definitions/a"]],
    ]
    #expect(
      failure(schema)?.hasSuffix(": this subschema refers to itself for the same value, which would never end.")
        == true)
  }

  @Test func `an exponential allOf is refused`() {
    var definitions = JSONObject()
    for level in 0..<60 {
      let next: JSON = ["$ref": "#/definitions/d\(level + 1)"]
      definitions["d\(level)"] = ["allOf": [next, next]]
    }
    definitions["d60"] = true
    let schema: JSON = ["definitions": .object(definitions), "$ref": "#/definitions/d0"]
    #expect(
      failure(schema)?.hasSuffix(
        ": more than 10000 subschemas apply to one value through $ref, allOf and their like.") == true)
  }

  @Test func `a schema that doubles with each level of the value gives up`() throws {
    let schema = try Schema(
      ["allOf": [["items": ["$ref": "#"]], ["items": ["$ref": "#"]]]])
    let value = try JSON(parsing: String(repeating: "[", count: 60) + String(repeating: "]", count: 60))
    var problems: [SchemaProblem] = []
    let wasQuick = isQuick { problems = schema.problems(in: value) }
    #expect(wasQuick)
    #expect(
      problems.map(\.message) == [
        "the value: expected a value that the schema can check in 200000 steps, got one that takes more."
      ])
  }

  @Test func `a value as deep as the parser allows is checked or refused, never a crash`() throws {
    let schema = try Schema(["items": ["$ref": "#"], "properties": ["a": ["$ref": "#"]]])
    let value = try JSON(parsing: String(repeating: "[", count: 512) + String(repeating: "]", count: 512))
    #expect(
      schema.problems(in: value).map(\.message) == [
        "the value: expected a value nested less deeply, got more than 600 levels of schema."
      ])
  }

  @Test func `a pattern that would backtrack costs nothing`() throws {
    let schema = try Schema(["pattern": "^(a+)+$"])
    let text = JSON.string(String(repeating: "a", count: 100_000) + "!")
    var isAccepted = true
    let wasQuick = isQuick { isAccepted = schema.accepts(text) }
    #expect(wasQuick)
    #expect(!isAccepted)
  }

  @Test(arguments: [
    ("(?=a)", "looks ahead with (?="), ("(?!a)", "looks ahead with (?!"), ("(?<=a)b", "looks behind with (?<="),
    (#"(a)\1"#, #"refers back with \1"#), (#"(?<n>a)\k<n>"#, #"refers back with \k"#),
    ("a{3000}", "does not compile: invalid repetition size: {3000}"), ("(", "does not compile: missing ): ("),
    ("((a{100}){100}){100}", "does not compile: invalid repetition size: {100}"),
    (#"\"#, "ends with a lone backslash"), (#"\y"#, #"has the unknown escape \y"#),
  ])
  func `a pattern that cannot be run in linear time is refused`(pattern: String, reason: String) {
    #expect(
      failure(["properties": ["a": ["pattern": .string(pattern)]]])
        == "/properties/a: the pattern \(JSON.string(pattern).serialized()) \(reason).")
  }

  @Test func `thousands of wrong elements give a bounded list`() throws {
    let schema = try Schema(["items": ["type": "string"]])
    let value = JSON.array((0..<5_000).map { JSON($0) })
    #expect(schema.problems(in: value).count == 1_000)
  }

  @Test func `large values are checked whole`() throws {
    let schema = try Schema(["items": ["type": "integer", "minimum": 0], "uniqueItems": true])
    #expect(schema.accepts(.array((0..<150_000).map { JSON($0) })))
  }

  @Test func `a reference out of the document is refused`() {
    #expect(
      failure(["properties": ["a": ["$ref": "https://example.com/a.json"]]])
        == #"/properties/a: the $ref "https://example.com/a.json" leads out of this schema."#)
  }

  @Test(arguments: ["#/definitions/b", "#b", "#/definitions/a/type", "#/definitions/list/7"])
  func `a reference to nothing is refused`(reference: String) {
    let schema: JSON = [
      "definitions": ["a": ["type": "string"], "list": []], "items": ["$ref": .string(reference)],
    ]
    #expect(failure(schema) == #"/items: the $ref "\#(reference)" names nothing in this schema."#)
  }

  @Test func `more subschemas than the limit are refused`() {
    let schema: JSON = ["anyOf": .array(Array(repeating: true, count: 30_000))]
    #expect(failure(schema) == "the schema: the schema has more than 20000 subschemas.")
  }

  @Test func `a long row of references is refused`() {
    var definitions = JSONObject()
    for place in 0..<5_000 { definitions["d\(place)"] = ["$ref": "#/definitions/d\(place + 1)"] }
    definitions["d5000"] = true
    let schema: JSON = ["definitions": .object(definitions), "items": ["$ref": "#/definitions/d0"]]
    #expect(failure(schema)?.hasSuffix(": more than 100 subschemas refer one to the next for the same value.") == true)
  }

  @Test func `defaults that double with each level of the value end`() throws {
    let schema = try Schema(["allOf": [["properties": ["a": ["$ref": "#"]]], ["properties": ["a": ["$ref": "#"], "b": ["default": 1]]]]])
    let value = try JSON(parsing: String(repeating: #"{"a":"#, count: 60) + "{}" + String(repeating: "}", count: 60))
    var filled: JSON = nil
    let wasQuick = isQuick { filled = schema.defaults(applyingTo: value) }
    #expect(wasQuick)
    #expect(filled["b"] == 1 || filled["a"]?["a"] != nil)
  }

  @Test func `long keys do not multiply`() throws {
    let schema = try Schema(["additionalProperties": ["items": ["type": "string"]]])
    let key = String(repeating: "k", count: 300_000)
    let problems = schema.problems(in: .object([key: .array(Array(repeating: 1, count: 1_000))]))
    #expect(problems.count == 4)
  }

  @Test(arguments: [100_000, 1_000_000])
  func `a pattern of many brackets is refused`(count: Int) {
    #expect(failure(["pattern": .string(String(repeating: "(", count: count))])?.contains("does not compile") == true)
  }
}
