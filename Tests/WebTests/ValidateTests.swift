import TestSupport
import Testing
import Workflow

@testable import Web

@Suite struct `Checking a workflow over HTTP` {
  private func check(_ server: TestServer, _ text: String) async throws -> JSON {
    let answer = try await server.post("/api/workflows/validate", text)
    #expect(answer.status == 200, "\(answer.text)")
    return answer.json
  }

  @Test func `finds nothing wrong with one that could be used, and keeps nothing`() async throws {
    try await TestServer.with { server in
      let found = try await check(server, Sample.definition.replacing("\"gather\"", with: "\"collect\""))
      #expect(found == ["valid": true, "problems": []])
      #expect(try await server.get("/api/workflows/collect").status == 404)
    }
  }

  @Test(arguments: [
    Sample.orphan, "", "[]", "{\n\"name\": \"x\",\n}", #"{"name": "x", "stagse": []}"#,
    #"{"name": "x", "stages": [{"id": "a", "handler": "sample.lits", "needs": ["b"], "params": {"x": "${params.y}"}}]}"#,
  ]) func `says what the rules of the files say, with the place`(text: String) async throws {
    try await TestServer.with { server in
      let found = try await check(server, text)
      let problems = found["problems"]?.arrayValue ?? []
      #expect(found["valid"] == false && !problems.isEmpty)
      let plugin = PluginDescription(
        id: "sample", version: "3.0.0",
        handlers: ["sample.list", "sample.copy"].map { HandlerDescription(name: $0, version: "1.2.0", paramsSchema: ["type": "object"]) })
      let expected = Validator.workflow(bytes: Array(text.utf8), file: "body", handlers: HandlerCatalogue(plugins: [plugin])).problems
      #expect(problems.map { $0["message"]?.stringValue } == expected.map(\.message))
      #expect(problems.map { $0["path"]?.stringValue } == expected.map(\.path))
      #expect(problems.map { $0["line"]?.intValue ?? 0 } == expected.map(\.line))
    }
  }
}
