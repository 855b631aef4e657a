import Engine
import Workflow

/// A workflow of two stages, and a job of it that is half done.
enum Sample {
  static let definition = """
    {"name": "gather", "title": "Gather things",
     "parameters": {"type": "object", "required": ["from"], "additionalProperties": false,
       "properties": {"from": {"type": "string"}, "count": {"type": "integer", "minimum": 1, "default": 5}}},
     "stages": [
       {"id": "list", "handler": "sample.list", "params": {"from": "${params.from}"}, "tolerate": "2"},
       {"id": "copy", "handler": "sample.copy", "needs": ["list"], "for_each": {"items_of": "list", "batch": 2},
        "params": {"items": "${items}"}, "totals": {"bytes": "sum"}, "tolerate": "50%"}]}
    """
  static let orphan = """
    {"name": "orphan", "stages": [{"id": "only", "handler": "sample.absent", "params": {}}]}
    """

  static func put(into engine: Engine) throws {
    for text in [definition, orphan] {
      try engine.catalog.put(WorkflowDefinition.load(bytes: Array(text.utf8), file: "sample").get(), text: text)
    }
    try engine.catalog.put(
      ["sample.list", "sample.copy"].map { name in
        let description = HandlerDescription(
          name: name, version: "1.2.0", isIdempotent: true, title: "Does \(name)", paramsSchema: ["type": "object"],
          itemSchema: name == "sample.list" ? ["type": "string"] : nil, services: ["weir.storage/1"], timeout: .seconds(90), memoryMB: 64)
        return KnownHandler(
          name: name, libraryHash: "ab12", plugin: "sample", pluginVersion: "3.0.0", version: "1.2.0", description: description.json)
      })
  }
}
