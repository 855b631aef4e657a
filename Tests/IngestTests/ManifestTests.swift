import Foundation
import HandlerABI
import HandlerKit
import HandlerStub
import Testing

@testable import Ingest

/// What the manifests say of the plugin is what the plugin says of itself.
@Suite struct `The manifests of ingest` {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func manifest(_ path: String) throws -> JSONText {
    try JSONText(validating: [UInt8](Data(contentsOf: root.appendingPathComponent("manifests/\(path)"))))
  }

  private static func schemas() throws -> [String: (params: JSONText, result: JSONText)] {
    let plugin = try #require(weir_plugin_v1(WEIR_MINOR))
    var all: [String: (params: JSONText, result: JSONText)] = [:]
    for handler in StubHost.handlers(of: plugin).map(\.pointee) {
      all[String(cString: handler.name)] = (
        try JSONText(validating: String(cString: try #require(handler.params_schema))),
        try JSONText(validating: String(cString: try #require(handler.result_schema)))
      )
    }
    return all
  }

  @Test func `name the handlers that there are`() throws {
    let plugin = try Self.manifest("plugins/ingest.json")
    #expect(plugin["id"]?.string == "ingest")
    #expect(Set(plugin["handlers"]?.members.map(\.key) ?? []) == Set(try Self.schemas().keys))
  }

  @Test func `give every stage the params that its handler takes`() throws {
    let schemas = try Self.schemas()
    for stage in try Self.manifest("workflows/ingest_collection.json")["stages"]?.elements ?? [] {
      let handler = try #require(stage["handler"]?.string)
      let schema = try #require(schemas[handler]?.params, "\(handler)")
      let given = Set(stage["params"]?.members.map(\.key) ?? [])
      let known = Set((schema["properties"]?.members ?? []).map(\.key))
      let required = Set((schema["required"]?.elements ?? []).compactMap(\.string))
      #expect(given.isSubset(of: known), "\(handler)")
      #expect(required.isSubset(of: given), "\(handler)")
    }
  }

  @Test func `read only results and totals that there are`() throws {
    let schemas = try Self.schemas()
    let stages = try Self.manifest("workflows/ingest_collection.json")["stages"]?.elements ?? []
    let handlers = Dictionary(stages.map { ($0["id"]?.string ?? "", $0["handler"]?.string ?? "") }) { first, _ in first }
    for value in stages.flatMap({ $0["params"]?.members.map(\.value) ?? [] }).compactMap(\.string) where value.hasPrefix("${stages.") {
      let path = value.dropFirst(2).dropLast().split(separator: ".").map(String.init)
      guard path.count == 4, path[2] == "result" else { continue }
      let result = schemas[handlers[path[1]] ?? ""]?.result
      #expect(result?["properties"]?[path[3]] != nil, "\(value)")
    }
    for stage in stages {
      let result = schemas[stage["handler"]?.string ?? ""]?.result
      for total in stage["totals"]?.members.map(\.key) ?? [] {
        #expect(result?["properties"]?[total] != nil, "\(total)")
      }
    }
  }

  @Test func `declare the metrics that handlers add`() throws {
    let declared = Set((try Self.manifest("plugins/ingest.json")["metrics"]?.elements ?? []).compactMap { $0["name"]?.string })
    let pipeline = try Pipeline()
    try pipeline.put(items: [pipeline.item("a")])
    pipeline.inventory()
    var added = Set(pipeline.host.metrics.keys)
    pipeline.copy(pipeline.host.items)
    added.formUnion(pipeline.host.metrics.keys)
    let copied = pipeline.host.items
    pipeline.registerCollection()
    pipeline.registerItems(copied)
    added.formUnion(pipeline.host.metrics.keys)
    for (handler, params) in [
      ("ingest.remove_items", #"{"collection_id":"c","items":[{"id":"a","written_by":1}]}"#), ("ingest.remove_objects", #"{"objects":[]}"#),
    ] {
      pipeline.host.call(pipeline.plugin, handler, params)
      added.formUnion(pipeline.host.metrics.keys)
    }
    #expect(added == declared)
  }
}
