import Testing
import Workflow

/// The schemas in `manifests/schema` are for editors; here they are held against what the loader and the rules say.
@Suite struct `Editor schemas` {
  static func schema(_ name: String) throws -> Schema {
    try Schema(JSON(parsing: TextFile.bytes(at: TextFile.project + "manifests/schema/\(name).schema.json")))
  }

  static let workflow = Result { try schema("workflow") }
  static let plugin = Result { try schema("plugin") }
  static let dataset = Result { try schema("dataset") }

  static func problems(of example: GoldenCase) throws -> [SchemaProblem] {
    let json = try JSON(parsing: try GoldenCase.bytes(of: "\(example.rule)/\(example.name).json"))
    return try schema(for: example).problems(in: json)
  }

  static func schema(for example: GoldenCase) throws -> Schema {
    try (example.isPlugin ? plugin : example.isDataset ? dataset : workflow).get()
  }

  @Test func `accept the manifests that come with Weir`() throws {
    let workflow = try JSON(parsing: try TextFile.bytes(at: TextFile.project + "manifests/workflows/ingest_collection.json"))
    #expect(try Self.workflow.get().problems(in: workflow) == [])
    let plugin = try JSON(parsing: try TextFile.bytes(at: TextFile.project + "manifests/plugins/ingest.json"))
    #expect(try Self.plugin.get().problems(in: plugin) == [])
    for name in ["admin0", "wdpa", "wdpa_ibat", "populated_places"] {
      let dataset = try JSON(parsing: try TextFile.bytes(at: TextFile.project + "manifests/datasets/\(name).json"))
      #expect(try Self.dataset.get().problems(in: dataset) == [])
    }
  }

  @Test(arguments: GoldenCase.all.filter { (try? $0.expected) == "" })
  func `accept what the rules accept`(_ example: GoldenCase) throws {
    #expect(try Self.problems(of: example) == [])
  }

  @Test(arguments: GoldenCase.all.filter { $0.rule.hasSuffix("loading") && !["not-json", "expressions"].contains($0.name) })
  func `refuse what the loader refuses`(_ example: GoldenCase) throws {
    guard let json = try? JSON(parsing: try GoldenCase.bytes(of: "\(example.rule)/\(example.name).json")) else { return }  // a key twice
    #expect(try !Self.schema(for: example).problems(in: json).isEmpty)
  }
}
