import Testing
import Workflow

@Suite struct `Validation rules` {
  @Test(arguments: GoldenCase.all)
  func `say exactly what the case expects`(_ example: GoldenCase) throws {
    #expect(try example.actual == example.expected)
  }

  @Test func `each have a case in which they speak`() throws {
    let ids = Validator.workflowRules.map(\.id) + Validator.pluginRules.map(\.id) + Validator.datasetRules.map(\.id)
    let spoken = Set(try GoldenCase.all.filter { try !$0.expected.isEmpty }.map(\.rule))
    #expect(ids.filter { !spoken.contains($0) } == [])
    #expect(Set(ids).count == ids.count)
  }

  @Test func `are silent on the manifests that come with Weir`() throws {
    let workflow = "manifests/workflows/ingest_collection.json"
    let bytes = try TextFile.bytes(at: TextFile.project + workflow)
    #expect(Validator.workflow(bytes: bytes, file: workflow, handlers: nil).problems == [])
    let plugin = "manifests/plugins/ingest.json"
    #expect(Validator.plugin(bytes: try TextFile.bytes(at: TextFile.project + plugin), file: plugin).problems == [])
    for dataset in ["admin0", "wdpa", "wdpa_ibat", "populated_places"].map({ "manifests/datasets/\($0).json" }) {
      #expect(Validator.dataset(bytes: try TextFile.bytes(at: TextFile.project + dataset), file: dataset).problems == [])
    }
  }

  @Test func `refuse a thousand and one stages, and look no further`() {
    let stages = (0...1000).map { StageDefinition(id: "Not a name \($0)", handler: "x") }
    let problems = Validator.problems(in: WorkflowDefinition(name: "example", stages: stages), source: .init(file: "a.json"), handlers: nil)
    #expect(
      problems.map(\.description) == [
        """
        a.json: stages: there are 1001 stages.
          A workflow has at most 1000; let a stage fan out with for_each. Nothing else was looked at.
        """
      ])
  }

  @Test func `cost little where every stage needs all before it`() {
    let stages = (0..<1000).map { position in
      StageDefinition(id: "s\(position)", handler: "tiles.cut", needs: (0..<position).map { "s\($0)" })
    }
    #expect(Validator.problems(in: WorkflowDefinition(name: "example", stages: stages), source: .init(file: "a.json"), handlers: nil) == [])
  }

  @Test func `do not check what depends on handlers that are not known`() throws {
    let example = GoldenCase(rule: "handler", name: "unknown-verb")
    let bytes = try GoldenCase.bytes(of: "handler/unknown-verb.json")
    #expect(try example.expected != "")
    #expect(Validator.workflow(bytes: bytes, file: "a.json", handlers: nil).problems == [])
  }
}
