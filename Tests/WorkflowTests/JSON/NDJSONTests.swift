import Testing
import Workflow

@Suite struct `NDJSON chunks` {
  @Test func `are split at line ends, blank lines left out`() {
    let chunk = Array("{\"a\": 1}\n\n[2]\r\n  \n3".utf8)
    #expect(NDJSON.split(chunk).map(\.text) == ["{\"a\": 1}", "[2]", "3"])
    #expect(NDJSON.count(chunk[...]) == 3)
    #expect(NDJSON.split([]).isEmpty)
    #expect(NDJSON.split(chunk[9...]).map(\.text) == ["[2]", "3"])
  }

  @Test func `from outside are checked, and the error names the line`() throws {
    let good = Array("1\n[2]\n".utf8)
    #expect(try NDJSON.split(validating: good[...]).map(\.text) == ["1", "[2]"])
    let bad = Array("x\n{}\n\n[1,,2]\n".utf8)
    let error = #expect(throws: JSONSyntaxError.self) { try NDJSON.split(validating: bad[2...]) }
    #expect(error?.description == "line 3, column 4: expected a value, found ','")
    #expect(error?.offset == 7)
  }

  @Test func `hold values of several lines on one`() throws {
    var chunk: [UInt8] = []
    NDJSON.append(try RawJSON(validating: "{\n\"a\":\r\n\"\\n\"}"), to: &chunk)
    NDJSON.append(.null, to: &chunk)
    #expect(String(decoding: chunk, as: UTF8.self) == "{ \"a\":  \"\\n\"}\nnull\n")
  }
}
