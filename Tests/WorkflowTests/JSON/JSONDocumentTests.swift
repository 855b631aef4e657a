import Testing
import Workflow

@Suite struct `JSON documents` {
  private let text = """
    {
      "name": "é", "stages": [
        { "id": "copy",
          "a\\"b": {"x/y": 1} },
        2
      ]
    }
    """

  @Test(arguments: [
    ("", "line 1, column 1", "line 1, column 1"), ("/name", "line 2, column 3", "line 2, column 11"),
    ("/stages", "line 2, column 16", "line 2, column 26"), ("/stages/0", "line 3, column 5", "line 3, column 5"),
    ("/stages/0/id", "line 3, column 7", "line 3, column 13"), ("/stages/0/a\"b", "line 4, column 7", "line 4, column 15"),
    ("/stages/0/a\"b/x~1y", "line 4, column 16", "line 4, column 23"), ("/stages/1", "line 5, column 5", "line 5, column 5"),
    ("/stages/0/missing", "line 3, column 5", "line 3, column 5"), ("/stages/7/x", "line 2, column 26", "line 2, column 26"),
  ])
  func `know where each key and value stands`(pointer: String, key: String, value: String) throws {
    let document = try JSONDocument(parsing: Array(text.utf8))
    #expect(document.position(ofPointer: pointer, .key).description == key)
    #expect(document.position(ofPointer: pointer).description == value)
  }

  @Test func `find a value by steps`() throws {
    let document = try JSONDocument(parsing: Array(text.utf8))
    #expect(document.position(of: [.member("stages"), .element(0), .member("id")]) == JSONPosition(line: 3, column: 13))
  }
}
