import FoundationEssentials
import Testing

@testable import Workflow

/// Debian's package json-schema-test-suite, the required tests of draft-07.
@Suite struct `JSON Schema test suite` {
  private static let folder = "/usr/share/json-schema-test-suite"

  private static let files: [String] = {
    let found = try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/tests/draft7")
    return (found ?? []).filter { $0.hasSuffix(".json") }.sorted()
  }()

  private static func read(_ path: String) throws -> JSON {
    try JSON(parsing: Data(contentsOf: URL(filePath: path)))
  }

  /// What the suite serves as http://localhost:1234/.
  private static func remote(_ uri: String) -> JSON? {
    let server = "http://localhost:1234"
    guard uri.hasPrefix(server) else { return nil }
    return try? read("\(folder)/remotes\(uri.dropFirst(server.count))")
  }

  @Test func `is installed: apt-get install json-schema-test-suite`() {
    #expect(Self.files.count >= 30)
  }

  @Test(arguments: files)
  func `every required test of draft-07 passes`(file: String) throws {
    for group in try #require(try Self.read("\(Self.folder)/tests/draft7/\(file)").arrayValue) {
      let schema = try Schema(try #require(group["schema"]), remote: Self.remote)
      for test in try #require(group["tests"]?.arrayValue) {
        let value = try #require(test["data"])
        let problems = schema.problems(in: value)
        #expect(
          problems.isEmpty == test["valid"]?.boolValue,
          "\(group["description"] ?? ""): \(test["description"] ?? ""): \(problems)")
        #expect(schema.accepts(value) == problems.isEmpty)
      }
    }
  }

  @Test func `the optional tests of long numbers pass`() throws {
    for group in try #require(try Self.read("\(Self.folder)/tests/draft7/optional/bignum.json").arrayValue) {
      let schema = try Schema(try #require(group["schema"]))
      for test in try #require(group["tests"]?.arrayValue) {
        #expect(schema.accepts(try #require(test["data"])) == test["valid"]?.boolValue)
      }
    }
  }
}
