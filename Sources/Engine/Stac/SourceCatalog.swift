public import Database
internal import Workflow

/// The sources that have been ingested, by theme: table `h3.source_catalog`.
public final class SourceCatalog: Sendable {
  private let database: Database

  public init(database: Database) { self.database = database }

  /// Writes the entry of a source; an earlier one of the same `sourceID` is brought up to date, and keeps its age.
  /// - Returns: the entry's id.
  @discardableResult
  public func put(_ entry: SourceEntry) throws -> Int {
    try database.retryingTransaction { try put(entry, in: $0) }
  }

  /// The same in the caller's transaction.
  @discardableResult
  public func put(_ entry: SourceEntry, in transaction: Transaction) throws -> Int {
    try transaction.query(
      """
      -- put a source into the catalog
      INSERT INTO h3.source_catalog AS old (source_id, collection_id, theme, title, description, keywords, license,
          item_count, extent, asset_container, asset_prefix, job_id)
      VALUES (\(entry.sourceID), \(entry.collectionID), \(entry.theme), \(entry.title), \(entry.description),
          \(entry.keywords)::text[], \(entry.license), \(entry.itemCount), \(text: entry.extent.bytes)::jsonb,
          \(entry.assetContainer), \(entry.assetPrefix), \(entry.jobID))
      ON CONFLICT (source_id) DO UPDATE SET collection_id = EXCLUDED.collection_id, theme = EXCLUDED.theme,
          title = EXCLUDED.title, description = EXCLUDED.description, keywords = EXCLUDED.keywords,
          license = EXCLUDED.license, item_count = EXCLUDED.item_count, extent = EXCLUDED.extent,
          asset_container = EXCLUDED.asset_container, asset_prefix = EXCLUDED.asset_prefix, job_id = EXCLUDED.job_id,
          updated_at = now()
      RETURNING id
      """
    ).one().int("id")
  }

  /// The entry of a source; nil if there is none.
  public func entry(_ sourceID: String) throws -> SourceEntry? {
    let rows = try database.withConnection {
      try $0.query("SELECT * FROM h3.source_catalog WHERE source_id = \(sourceID)")
    }
    return try rows.first.map { try SourceEntry($0) }
  }
}
