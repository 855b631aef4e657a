import Testing
import Workflow

@Suite struct `Workflow definition` {
  static func load(_ path: String) throws -> WorkflowDefinition {
    try WorkflowDefinition.load(bytes: try TextFile.bytes(at: TextFile.project + path), file: path).get()
  }

  @Test func `reads every member`() throws {
    let definition = try Self.load("Tests/WorkflowTests/Cases/valid/everything.json")
    #expect(definition.name == "example")
    #expect(definition.labels == ["team": "maps"])
    let copy = try #require(definition.stage("copy"))
    #expect(copy.forEach == FanOut(source: .itemsOf("inventory"), batch: .expression(try Template("${params.batch_size}"))))
    #expect(copy.totals == ["files_copied": .sum])
    let cut = try #require(definition.stage("cut"))
    #expect(cut.retry == RetryPolicy(attempts: 5, backoff: .milliseconds(250), cap: .seconds(86_400)))
    #expect(cut.timeout == .seconds(7200))
    #expect(cut.maxParallel == 4)
    #expect(cut.tolerate == .percent(2.5))
    #expect(cut.when?.paths.count == 4)
    #expect(definition.stage("end")?.ifSkipped == .run)
  }

  @Test(arguments: [
    "manifests/workflows/ingest_collection.json", "Tests/WorkflowTests/Cases/valid/everything.json",
    "Tests/WorkflowTests/Cases/valid/least.json",
  ])
  func `is the same after it was written and read again`(path: String) throws {
    let definition = try Self.load(path)
    let again = try WorkflowDefinition.load(bytes: Array(definition.json.serialized().utf8), file: "again").get()
    #expect(again == definition)
    #expect(again.json == definition.json)
  }

  @Test func `fills in defaults and nothing else`() throws {
    let definition = try Self.load("manifests/workflows/ingest_collection.json")
    let given = try JSON(parsing: #"{"source_container":"bronzemapspam","batch_size":5}"#)
    let expected =
      #"{"source_container":"bronzemapspam","batch_size":5,"collection_json_path":"collection.json","overwrite":false,"skip_existing":true,"create_target_container":true,"prune":false,"prune_limit":0.2}"#
    #expect(definition.withDefaults(given).serialized() == expected)
  }

  @Test func `has the stages and parameters that were promised`() throws {
    let definition = try Self.load("manifests/workflows/ingest_collection.json")
    #expect(definition.stages.map(\.id) == ["inventory", "copy", "register_collection", "register_items", "finalize"])
    let properties = definition.parameters["properties"]?.objectValue
    #expect(
      properties?.members.map { "\($0.key)=\($0.value["default"]?.serialized() ?? "")" } == [
        "source_container=", "target_container=", "collection_json_path=\"collection.json\"", "batch_size=100", "overwrite=false",
        "skip_existing=true", "create_target_container=true", "h3_theme=", "prune=false", "prune_limit=0.2",
      ])
    #expect(definition.parameters["required"] == ["source_container", "target_container"])
  }

  @Test func `counts columns in characters`() {
    let text = "{\"name\": \"é\u{1F600}\", \"x\": 1}"
    let problems = WorkflowDefinition.load(bytes: Array(text.utf8), file: "a.json").problems
    #expect(problems.first { $0.path == "x" }?.column == 16)
  }

  @Test(arguments: ["", " ", "{", "{}{}", "\u{FEFF}{}", "nul", "{\"a\":\"\u{1}\"}"])
  func `names the place of a syntax error`(text: String) {
    let loaded = WorkflowDefinition.load(bytes: Array(text.utf8), file: "a.json")
    #expect(loaded.problems.count == 1)
    #expect(loaded.value == nil)
    #expect(loaded.problems.first?.line == 1)
    #expect(loaded.problems.first?.message.hasPrefix("not JSON: ") == true)
  }

  @Test func `refuses a hostile depth with one problem`() {
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 200_000)
    #expect(WorkflowDefinition.load(bytes: deep, file: "a.json").problems.count == 1)
  }
}
