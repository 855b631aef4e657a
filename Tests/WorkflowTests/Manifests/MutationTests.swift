import Testing
import Workflow

/// Whatever somebody writes into a manifest is answered with problems, never with a trap.
@Suite struct `A manifest with any other value in any place` {
  private static let others: [JSON] = [
    nil, true, -1, "", "${stages.copy.result}", "9223372036854775807d", [], [:], ["a": nil], ["copy", 1],
  ]

  /// The value with one of its parts, counted from the front, replaced; nil when there are not so many parts.
  private static func replacing(_ value: JSON, part: inout Int, by other: JSON) -> JSON? {
    if part == 0 { return other }
    part -= 1
    switch value {
    case .array(var elements):
      for index in elements.indices {
        guard let changed = replacing(elements[index], part: &part, by: other) else { continue }
        elements[index] = changed
        return .array(elements)
      }
    case .object(var object):
      for (key, member) in object.members {
        guard let changed = replacing(member, part: &part, by: other) else { continue }
        object[key] = changed
        return .object(object)
      }
    default: break
    }
    return nil
  }

  private static func check(_ path: String, _ load: ([UInt8]) -> [Problem]) throws -> Int {
    let source = try JSON(parsing: GoldenCase.bytes(of: path))
    var count = 0
    var number = 0
    while true {
      for other in others {
        var part = number
        guard let changed = replacing(source, part: &part, by: other) else { return count }
        let problems = load(Array(changed.serialized().utf8))
        #expect(problems.allSatisfy { $0.line == 1 && $0.column > 0 && !$0.message.isEmpty })
        count += 1
      }
      number += 1
    }
  }

  @Test func `is answered for a workflow`() throws {
    let handlers = try GoldenCase.handlers
    let count = try Self.check("valid/everything.json") { bytes in
      let loaded = Validator.workflow(bytes: bytes, file: "a.json", handlers: handlers)
      if let value = loaded.value { #expect(WorkflowDefinition.load(bytes: Array(value.json.serialized().utf8), file: "b").value == value) }
      return loaded.problems
    }
    #expect(count > 500)
  }

  @Test func `is answered for a dataset`() throws {
    let count = try Self.check("dataset-valid/everything.json") { bytes in
      let loaded = Validator.dataset(bytes: bytes, file: "a.json")
      if let value = loaded.value { #expect(DatasetDefinition.load(bytes: Array(value.json.serialized().utf8), file: "b").value == value) }
      return loaded.problems
    }
    #expect(count > 200)
  }

  @Test func `is answered for a plugin`() throws {
    let count = try Self.check("plugin-valid/everything.json") { bytes in
      let loaded = Validator.plugin(bytes: bytes, file: "a.json")
      if let value = loaded.value { #expect(PluginManifest.load(bytes: Array(value.json.serialized().utf8), file: "b").value == value) }
      return loaded.problems
    }
    #expect(count > 200)
  }
}
