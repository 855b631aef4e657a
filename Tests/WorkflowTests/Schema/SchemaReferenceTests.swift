import Testing

@testable import Workflow

@Suite struct `Schema references` {
  private func accepts(_ schema: JSON, _ value: JSON) throws -> Bool { try Schema(schema).accepts(value) }

  @Test func `find a subschema by its name`() throws {
    let schema: JSON = ["definitions": ["a": ["$id": "#foo", "type": "integer"]], "items": ["$ref": "#foo"]]
    #expect(try accepts(schema, [1]))
    #expect(try !accepts(schema, ["a"]))
  }

  @Test func `find a subschema by its URI, relative to the one around it`() throws {
    let schema: JSON = [
      "$id": "http://example.com/root.json",
      "definitions": [
        "a": ["$id": "nested/a.json", "definitions": ["b": ["$id": "#b", "type": "integer"]], "items": ["$ref": "#b"]],
        "c": ["$id": "urn:uuid:1", "definitions": ["d": ["type": "string"]], "items": ["$ref": "#/definitions/d"]],
      ],
      "properties": [
        "list": ["$ref": "nested/a.json"], "one": ["$ref": "http://example.com/nested/a.json#b"], "up": ["$ref": "./x/../nested/a.json#b"],
        "pointer": ["$ref": "nested/a.json#/definitions/b"], "urn": ["$ref": "urn:uuid:1"], "root": ["$ref": "/root.json#/definitions/c"],
      ],
    ]
    #expect(try accepts(schema, ["list": [1], "one": 1, "up": 1, "pointer": 1, "urn": ["a"], "root": ["a"]]))
    for (key, value): (String, JSON) in [
      ("list", ["a"]), ("one", "a"), ("up", "a"), ("pointer", "a"), ("urn", [1]), ("root", [1]),
    ] {
      #expect(try !accepts(schema, [key: value]), "\(key)")
    }
  }

  @Test func `take no $id out of values`() throws {
    let schema: JSON = [
      "definitions": [
        "enum": ["enum": [["$id": "https://localhost:1234/my.json", "type": "null"]]],
        "real": ["$id": "https://localhost:1234/my.json", "type": "string"],
      ],
      "anyOf": [["$ref": "#/definitions/enum"], ["$ref": "https://localhost:1234/my.json"]],
    ]
    #expect(try accepts(schema, "a string"))
    #expect(try accepts(schema, ["$id": "https://localhost:1234/my.json", "type": "null"]))
    #expect(try !accepts(schema, 1))
  }

  @Test func `hide every keyword beside them`() throws {
    let schema: JSON = [
      "$id": "http://localhost:1234/base/", "definitions": ["foo": ["$id": "foo.json", "type": "string"]],
      "items": ["$ref": "foo.json", "$id": "http://elsewhere/", "type": "integer"],
    ]
    #expect(try accepts(schema, ["a"]))
    #expect(try !accepts(schema, [1]))
  }

  @Test func `may go round, as long as the value gets smaller`() throws {
    let schema: JSON = ["properties": ["next": ["$ref": "#"], "n": ["type": "integer"]], "additionalProperties": false]
    #expect(try accepts(schema, ["n": 1, "next": ["n": 2, "next": ["next": [:]]]]))
    #expect(try Schema(schema).problems(in: ["next": ["next": ["n": "x"]]]).map(\.pointer) == ["/next/next/n"])
  }

  @Test func `reach subschemas under unknown keywords`() throws {
    let schema: JSON = ["shapes": ["a b": ["type": "integer"]], "items": ["$ref": "#/shapes/a%20b"]]
    #expect(try accepts(schema, [1]))
    #expect(try !accepts(schema, ["a"]))
  }

  @Test func `know draft-07's own schema`() throws {
    let schema = try Schema(["$ref": "http://json-schema.org/draft-07/schema#"])
    #expect(schema.accepts(["type": "string"]))
    #expect(schema.problems(in: ["minLength": -1]).map(\.message) == ["/minLength: expected at least 0, got -1."])
  }

  @Test(arguments: [
    ("http://a/b/c/d;p?q", "g", "http://a/b/c/g"), ("http://a/b/c/d;p?q", "../../../g", "http://a/g"),
    ("http://a/b/c/d;p?q", "?y", "http://a/b/c/d;p?y"),
    ("http://a/b/c/d;p?q", "g?y#s", "http://a/b/c/g?y#s"), ("http://a/b/c/d;p?q", "", "http://a/b/c/d;p?q"),
    ("http://a/b/c/d;p?q", "..", "http://a/b/"),
    ("http://a/b/c/d;p?q", "./", "http://a/b/c/"), ("http://a/b/c/d;p?q", "//g", "http://g"), ("http://a/b/c/d;p?q", "g:h", "g:h"),
    ("http://a/b/c/d;p?q", "/./g", "http://a/g"), ("http://a/b/c/d;p?q", "g;x=1/../y", "http://a/b/c/y"), ("http://a", "g", "http://a/g"),
    ("urn:x:y", "#z", "urn:x:y#z"), ("", "#/a", "#/a"),
  ])
  func `are resolved as RFC 3986 says`(base: String, reference: String, result: String) {
    #expect(URIReference(base).resolving(URIReference(reference)).text == result)
  }
}
