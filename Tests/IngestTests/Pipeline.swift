import Foundation
import HandlerABI
import HandlerKit
import HandlerStub
import Testing

@testable import Ingest

/// A folder with a container `bronze`, and the five handlers called over it as the workflow does.
final class Pipeline {
  let host: StubHost
  let plugin: UnsafePointer<weir_plugin>
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "ingest-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    host = StubHost(folder: folder)
    plugin = try #require(weir_plugin_v1(WEIR_MINOR))
    try host.storage.makeContainer("bronze")
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)  // a folder that stays in /tmp harms no test
  }

  /// Writes a collection of `items`, each with its sidecar's key and text, linked in this order.
  func put(items: [(key: String, text: String)], keywords: String = #"["crops"]"#, links: [String] = [], more: String = "") throws {
    let all = items.map { #"{"rel":"item","href":"./\#($0.key)"}"# } + links
    try host.storage.put(
      "bronze", "collection.json",
      #"{"type":"Collection","id":"c","stac_version":"1.0.0","description":"d","license":"x","extent":{},"keywords":\#(keywords),"links":[\#(all.joined(separator: ","))]\#(more)}"#
    )
    for item in items { try host.storage.put("bronze", item.key, item.text) }
  }

  /// A sound item with one asset, `ID.tif`, which is written too.
  func item(_ id: String, assets: [(name: String, href: String)]? = nil, more: String = "") throws -> (key: String, text: String) {
    let assets = assets ?? [("data", "./\(id).tif")]
    for asset in assets where asset.href.hasPrefix("./") {
      try host.storage.put("bronze", String(asset.href.dropFirst(2)), "bytes of \(asset.href)")
    }
    let members = assets.map { #""\#($0.name)": {"href": "\#($0.href)", "gsd": 10.0}"# }.joined(separator: ", ")
    return (
      "\(id).json",
      #"{"type": "Feature", "stac_version": "1.0.0", "id": "\#(id)", "geometry": {"type": "Point", "coordinates": [1, 2]}, "bbox": [1, 2, 1, 2], "properties": {"datetime": "2020-05-01T00:00:00Z", "x": 0.49}, "links": [], "assets": {\#(members)}\#(more)}"#
    )
  }

  @discardableResult
  func inventory(_ more: String = "") -> Bool {
    host.call(plugin, "ingest.inventory", #"{"container":"bronze","target":"silver"\#(more)}"#)
  }

  @discardableResult
  func copy(_ items: [JSONText], _ more: String = "") -> Bool {
    host.call(plugin, "ingest.copy", #"{"items":\#(JSONText.array(items)),"from":"bronze","to":"silver"\#(more)}"#)
  }

  @discardableResult
  func registerCollection(intervals: String = "[]") -> Bool {
    host.call(
      plugin, "ingest.register_collection",
      #"{"container":"bronze","collection":"collection.json","to":"silver","intervals":\#(intervals)}"#)
  }

  @discardableResult
  func registerItems(_ items: [JSONText]) -> Bool {
    host.call(
      plugin, "ingest.register_items", #"{"items":\#(JSONText.array(items)),"from":"bronze","to":"silver","collection_id":"c"}"#)
  }

  /// Inventory, copy and both registrations; the items that got through.
  func ingest() throws -> [JSONText] {
    try #require(inventory(), "\(String(describing: host.failure))")
    let intervals = try #require(host.result?["intervals"])
    let listed = host.items
    try #require(copy(listed), "\(String(describing: host.failure))")
    let copied = host.items
    try #require(registerCollection(intervals: intervals.text), "\(String(describing: host.failure))")
    try #require(registerItems(copied), "\(String(describing: host.failure))")
    return copied
  }

  func reasons() -> [String: String] {
    Dictionary(host.rejects.map { ($0.subject, $0.message) }) { $0 + "; " + $1 }
  }
}
