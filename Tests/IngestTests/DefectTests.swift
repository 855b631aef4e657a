import Foundation
import HandlerKit
import HandlerStub
import Testing

@Suite struct `A collection of planted defects` {
  /// What only STAC's schemas tell, which the stub does not have.
  private static let needsSchemas: Set<String> = [
    "version-absent", "version-old", "geometry-absent", "geometry-wrong", "bbox-absent", "bbox-short", "properties-absent", "links-absent",
    "assets-absent", "assets-array",
  ]

  @Test func `gives the items that are right and a reject with its reason for each of the others`() throws {
    let pipeline = try Pipeline()
    let folder = pipeline.host.storage.folder
    try plant(into: folder)
    let expected = try JSONText(validating: [UInt8](Data(contentsOf: URL(fileURLWithPath: folder + "/expected.json"))))
    #expect(pipeline.host.call(pipeline.plugin, "ingest.inventory", #"{"container":"bronzedefects"}"#))

    let given = Dictionary(pipeline.host.items.map { ($0["id"]?.string ?? "", $0) }) { first, _ in first }
    for item in expected["items"]?.elements ?? [] {
      let id = item["id"]?.string ?? ""
      let found = given[id]
      #expect(found?["key"] == item["sidecar"], "\(id)")
      let assets = (found?["assets"]?.elements ?? []).map { [$0["name"]?.string, $0["key"]?.string] }
      #expect(assets == (item["assets"]?.members ?? []).map { [$0.key, $0.value.string] }, "\(id)")
    }
    for reject in expected["rejects"]?.elements ?? [] {
      let subject = reject["subject"]?.string ?? ""
      if Self.needsSchemas.contains(subject) { continue }
      let reason = reject["reason"]?.string ?? ""
      #expect(pipeline.host.rejects.contains { $0.subject == subject && $0.message.contains(reason) }, "\(subject): \(reason)")
    }
    let schemaOnly = (expected["rejects"]?.elements ?? []).filter { Self.needsSchemas.contains($0["subject"]?.string ?? "") }.count
    #expect(pipeline.host.items.count + pipeline.host.rejects.count == pipeline.host.result?["items_listed"]?.int)
    #expect(pipeline.host.rejects.count >= (expected["rejects"]?.elements.count ?? 0) - schemaOnly)
    #expect(pipeline.host.items.count <= (expected["items"]?.elements.count ?? 0) + schemaOnly)
  }

  private func plant(into folder: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let python = Process()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    python.arguments = ["python3", root.path + "/Setup/planted_defects.py", folder]
    try python.run()
    python.waitUntilExit()
    try #require(python.terminationStatus == 0)
  }
}
