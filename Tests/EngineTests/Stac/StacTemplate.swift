import CAssets
import Database
import Engine
import TestSupport
import Workflow

extension TestTemplate {
  /// A database with pgSTAC and the source catalog.
  static let stac = TestTemplate("stac") { database in
    try PgstacInstall(version: "0.10.0", sql: asset("pgstac.0.10.0.sql")).ensure(in: database)
    try database.withConnection { try $0.executeScript(asset("migrations/002_source_catalog.sql")) }
  }

  private static func asset(_ name: String) -> String {
    for index in 0..<weir_assets_count() {
      guard let asset = weir_assets_at(index), String(cString: asset.pointee.name) == name else { continue }
      return String(decoding: UnsafeBufferPointer(start: asset.pointee.data, count: asset.pointee.size), as: UTF8.self)
    }
    return ""
  }
}

/// A registry of a test's own, and what a reader of it sees.
struct Registry {
  let own: TestDatabase
  let stac: Stac

  init() throws {
    own = try TestDatabase.make(.stac) { $0.settings = Stac.settings }
    stac = Stac(database: own.database)
  }

  /// Items as a default STAC API gives them, by id.
  func items(_ collection: String) throws -> [String: JSON] {
    let rows = try own.database.withConnection {
      try $0.query("SELECT id, pgstac.content_hydrate(items) AS item FROM pgstac.items WHERE collection = \(collection)")
    }
    return Dictionary(
      try rows.map { (try $0.string("id"), RawJSON(unchecked: try $0.text("item")[...]).parsed()) },
      uniquingKeysWith: { _, _ in "two copies" })
  }

  func count(_ table: String) throws -> Int {
    try own.database.withConnection { try $0.query("SELECT count(*) AS n FROM \(raw: SQL(trusted: table))").one().int("n") }
  }
}
