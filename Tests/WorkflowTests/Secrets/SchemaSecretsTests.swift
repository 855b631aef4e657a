import Testing
import Workflow

@Suite struct `Secrets of a schema` {
  private static let document: JSON = [
    "type": "object",
    "definitions": [
      "login": ["type": "object", "properties": ["user": ["type": "string"], "password": ["type": "string", "format": "password"]]]
    ],
    "properties": [
      "url": ["type": "string"], "key": ["type": "string", "writeOnly": true, "minLength": 20], "login": ["$ref": "#/definitions/login"],
      "logins": ["type": "array", "items": ["$ref": "#/definitions/login"]],
      "either": ["oneOf": [["type": "integer"], ["type": "object", "additionalProperties": ["type": "string", "writeOnly": true]]]],
      "whole": ["type": "object", "writeOnly": true],
    ],
    "patternProperties": ["^secret_": ["writeOnly": true]],
  ]

  @Test(arguments: [
    (#"{"url":"u","key":"hunter2"}"#, #"{"url":"u","key":"***"}"#),
    (#"{"login":{"user":"a","password":"hunter2"}}"#, #"{"login":{"user":"a","password":"***"}}"#),
    (#"{"logins":[{"password":"a"},{"user":"b"}]}"#, #"{"logins":[{"password":"***"},{"user":"b"}]}"#),
    (#"{"either":{"x":"y"}}"#, #"{"either":{"x":"***"}}"#), (#"{"either":7}"#, #"{"either":7}"#),
    (#"{"whole":{"a":1.50}}"#, #"{"whole":"***"}"#), (#"{"secret_a":[1],"other":10.0}"#, #"{"secret_a":"***","other":10.0}"#),
    (#"{"key":null}"#, #"{"key":null}"#),
  ]) func `are hidden wherever they stand in a value`(given: String, shown: String) throws {
    let schema = try Schema(Self.document)
    #expect(schema.hasSecrets)
    #expect(schema.hidingSecrets(in: try JSON(parsing: given)).serialized() == shown)
  }

  @Test func `do not stand in the problem that they make`() throws {
    let problems = try Schema(Self.document).problems(in: ["key": "hunter2", "url": 5, "login": ["password": 4_711]])
    #expect(
      problems.map(\.message) == [
        "/key: expected at least 20 characters, got ***.", "/url: expected a string, got 5 (a number). Did you mean \"5\", in quotes?",
        "/login/password: expected a string, got ***.",
      ])
  }

  @Test func `are none where no schema says so`() throws {
    let schema = try Schema(["properties": ["a": ["format": "date"], "b": ["writeOnly": false]]])
    #expect(!schema.hasSecrets)
  }
}
