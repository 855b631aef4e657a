import Database
import Workflow

/// The registry of curated datasets. Its calls block.
public final class Datasets: Sendable {
  let database: Database
  let jobs: Jobs
  /// Where the tables lie; nil: no database for handlers has the schema.
  public let tables: CuratedTables?

  init(database: Database, jobs: Jobs, tables: GuestConfiguration?) {
    self.database = database
    self.jobs = jobs
    self.tables = tables.map { CuratedTables(GuestDatabase($0)) }
  }

  /// Datasets by id.
  /// - Parameter after: "next" of the page before.
  public func list(enabledOnly: Bool = false, after: String? = nil, limit: Int = 100) throws -> Page<Dataset> {
    try database.withConnection { connection in
      var datasets = try connection.query(
        """
        SELECT \(raw: Dataset.columns) FROM curated_datasets d
        WHERE d.removed_at IS NULL AND (NOT \(enabledOnly) OR d.enabled) AND d.dataset_id > coalesce(\(after), '')
        ORDER BY d.dataset_id LIMIT \(limit + 1)
        """
      ).map { try Dataset($0) }
      let hasMore = datasets.count > limit
      if hasMore { datasets.removeLast() }
      return Page(elements: datasets, next: hasMore ? datasets.last?.definition.id : nil)
    }
  }

  /// - Throws: `.noDataset`.
  public func dataset(_ id: String) throws -> Dataset {
    try database.transaction(access: .readOnly) { tx in try find(id, in: tx) }
  }

  func find(_ id: String, locking: Bool = false, in tx: Transaction) throws -> Dataset {
    let rows = try tx.query(
      """
      SELECT \(raw: Dataset.columns) FROM curated_datasets d WHERE d.dataset_id = \(id) AND d.removed_at IS NULL
      \(raw: locking ? "FOR UPDATE OF d" : "")
      """)
    guard let row = rows.first else {
      let known = try tx.query("SELECT dataset_id FROM curated_datasets WHERE removed_at IS NULL ORDER BY 1 LIMIT 20")
      throw EngineError(.noDataset(known: try known.map { try $0.string(0) }), subject: id)
    }
    return try Dataset(row)
  }
}
