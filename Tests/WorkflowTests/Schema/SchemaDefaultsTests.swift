import Testing
import Workflow

@Suite struct `Schema defaults` {
  @Test func `fill in what is absent, in the schema's order`() throws {
    let schema = try Schema([
      "properties": [
        "a": ["default": 1], "b": ["$ref": "#/definitions/b"], "c": ["type": "string"],
        "d": ["properties": ["e": ["default": 0.10]], "default": ["x": true]],
      ],
      "definitions": ["b": ["default": nil]],
      "allOf": [["properties": ["f": ["default": "g"], "a": ["default": 2]]]],
    ])
    #expect(
      schema.defaults(applyingTo: ["z": 0]).serialized()
        == #"{"z":0,"a":1,"b":null,"d":{"x":true},"f":"g"}"#)
    #expect(
      schema.defaults(applyingTo: ["d": [:], "a": nil]).serialized()
        == #"{"d":{"e":0.1},"a":null,"b":null,"f":"g"}"#)
  }

  @Test func `leave what is no object alone`() throws {
    #expect(try Schema(["properties": ["a": ["default": 1]]]).defaults(applyingTo: [1]) == [1])
  }

  @Test func `of a schema that contains itself end`() throws {
    let schema = try Schema(["properties": ["a": ["$ref": "#"]], "default": [:]])
    #expect(schema.defaults(applyingTo: [:]).serialized() == #"{"a":{}}"#)
  }
}
