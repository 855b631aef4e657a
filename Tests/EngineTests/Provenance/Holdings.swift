import Database
import TestSupport
import Workflow

@testable import Engine

extension TestTemplate {
  /// A database as a host finds it: Weir's tables and pgSTAC.
  static let installed = TestTemplate("installed") { try Installation($0).install() }
}

/// A registry with provenance, and what stands in it.
struct Holdings {
  let own: TestDatabase
  let engine: Engine
  let stac: Stac
  let ledger: ObjectLedger
  private let registry: Database

  init() throws {
    own = try TestDatabase.make(.installed) { $0.settings = Engine.settings }
    engine = Engine(database: own.database)
    registry = Database(DatabaseConfiguration(url: own.url, poolSize: 4, settings: Stac.settings))
    stac = Stac(database: registry)
    ledger = ObjectLedger(database: own.database)
  }

  static func origin(job: Int64, stage: String = "register_items", n: Int = 0, attempt: Int = 1) -> Origin {
    Origin(
      jobID: job, stage: stage, n: n, attempt: attempt, handler: "ingest.\(stage)", handlerVersion: "1.2.0", plugin: "ingest",
      pluginVersion: "1.0.0", libraryHash: String(repeating: "ab", count: 32))
  }

  @discardableResult
  func put(_ items: [String], by origin: Origin?, into collection: String = "c") throws -> StacReport {
    try stac.putItems(collection, items: Array(items.joined(separator: "\n").utf8), by: origin)
  }

  /// What another program does to an item.
  func upsert(_ item: String) throws {
    try registry.withConnection { _ = try $0.query("SELECT pgstac.upsert_item(\(item)::jsonb)") }
  }

  func number(_ sql: SQL) throws -> Int { try own.database.withConnection { try $0.query(sql).one().int(0) } }

  func ids(_ collection: String = "c") throws -> [String] {
    try own.database.withConnection {
      try $0.query("SELECT id FROM pgstac.items WHERE collection = \(collection) ORDER BY id").map { try $0.string(0) }
    }
  }

  func published(_ what: String, of collection: String = "c", after: String? = nil, limit: Int = 1_000, job: Int64 = 1) throws -> JSON {
    let options: JSON = ["what": .string(what), "after": after.map(JSON.string) ?? .null, "limit": JSON(limit)]
    return try stac.published(collection, options: options.serialized(), jobID: job)
  }

  /// Notes a copy as the storage service does.
  func copy(_ objects: [(key: String, etag: String?)], by origin: Origin, for collection: String = "c", to container: String = "silver")
    throws
  {
    let entry = try ledger.begin(objects.map(\.key), collection: collection, container: container, by: origin)
    try ledger.end(entry, objects.map { ObjectLedger.Placed(key: $0.key, etag: $0.etag, size: 10) })
  }

  /// A workflow that takes a collection back, as far as submitting it goes.
  func offerUnpublish() throws {
    let text = #"{"name": "unpublish_collection", "parameters": {"type": "object"}, "stages": [{"id": "list", "handler": "noop.run"}]}"#
    try engine.catalog.put(WorkflowDefinition.load(bytes: Array(text.utf8), file: "w.json").get(), text: text)
    try engine.catalog.put([
      KnownHandler(
        name: "noop.run", libraryHash: "ab", plugin: "noop", pluginVersion: "1.0.0", version: "1.0.0", description: ["name": "noop.run"])
    ])
  }
}
