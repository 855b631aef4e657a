import Database
import TestSupport

/// pgSTAC as its readers see it.
enum Catalogue {
  /// Every item of a collection as one text a line, in order of id.
  static func items(_ collection: String, in own: TestDatabase) async throws -> [String] {
    try await onOwnThread {
      try own.database.transaction { tx in
        try tx.execute("SET LOCAL search_path = pgstac, public")
        return try tx.query(
          "SELECT pgstac.content_hydrate(items)::text AS item FROM pgstac.items WHERE collection = \(collection) ORDER BY id"
        ).map { try $0.string("item") }
      }
    }
  }

  /// One whole number from the database.
  static func number(_ statement: StaticString, in own: TestDatabase) async throws -> Int {
    try await onOwnThread {
      try own.database.withConnection { try $0.query(SQL(trusted: "\(statement)")).one().int(0) }
    }
  }

  /// What stac_compare.py finds: a default stac-fastapi-pgstac beside the source.
  static func compare(_ place: Place, source: String, collection: String, prefix: String, _ more: String...) async throws -> Output {
    try await RunningProgram(
      [
        "\(Place.root)/Tests/SystemTests/stac_compare.py", "--pg-url", place.own.url, "--source", source, "--collection", collection,
        "--target-prefix", prefix,
      ] + more, program: "\(Place.root)/.venv/bin/python"
    ).end()
  }
}
