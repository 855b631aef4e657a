import CuratedRules
import HandlerKit

/// Says what the update brought, describes it in the catalogue, and removes what nobody needs any more.
struct Finalize: Handler {
  static let name = "curated.finalize"
  static let version = "1.0.0"
  static let title: String? = "Report the update, describe the dataset in the catalogue, drop old versions"
  static let isIdempotent = true
  static let services: [Service] = [.storage, .sql]
  static let optional: [Service] = [.stac, .log, .cancel]
  static let params = Schema.object(
    required: [
      "dataset": CuratedDataset.schema, "container": .string("Where downloads lie."), "published": .boolean(), "added": .integer(),
      "updated": .integer(), "deleted": .integer(), "total": .integer(),
    ],
    optional: [
      "version": Schema.integer().orNull, "source_version": Schema.string().orNull, "bounds": Schema.array(of: .number()).orNull,
    ])
  static let result: Schema? = .object(
    required: [
      "published": .boolean("Whether readers see it."), "added": .integer(), "updated": .integer(), "deleted": .integer(),
      "total": .integer(),
      "dropped": .integer("Old versions that are gone."),
    ],
    optional: ["version": .integer(), "source_version": .string(), "collection": .string("In the catalogue.")])

  struct Params: Decodable {
    var dataset: CuratedDataset
    var container: String
    var published: Bool
    var version: Int?
    var source_version: String?
    var added, updated, deleted, total: Int
    var bounds: [Double]?
  }

  struct Result: Encodable {
    var published: Bool
    var version: Int?
    var source_version: String?
    var added, updated, deleted, total: Int
    var dropped: Int
    var collection: String?
  }

  func run(_ params: Params, _ task: Task) throws -> Result {
    var result = Result(
      published: params.published, version: params.version, source_version: params.source_version, added: params.added,
      updated: params.updated, deleted: params.deleted, total: params.total, dropped: 0)
    if params.published {
      result.collection = try describe(params, task)
      result.dropped = try dropOld(params.dataset, task)
    }
    try removeDownloads(params, task)
    return result
  }

  /// The id of the collection; nil without the service, or where the catalogue will not have it.
  private func describe(_ params: Params, _ task: Task) throws -> String? {
    guard task.isGranted(.stac), let version = params.version else { return nil }
    let dataset = params.dataset
    let (loadedAt, table) = try dataset.database(task).transaction(SQLOptions(isReadOnly: true)) { session in
      let time = try session.execute(
        """
        SELECT to_char(loaded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') FROM geo.curated_versions
        WHERE dataset_id = $1 AND version = $2::int
        """, [dataset.dataset_id, "\(version)"])
      return (time.value, try TableColumns.find(dataset.target_table_name, session))
    }
    guard let loadedAt, let table else { return nil }
    let entry = CollectionEntry(
      dataset: dataset, version: version, sourceVersion: params.source_version, rows: params.total, bounds: params.bounds,
      loadedAt: loadedAt,
      columns: table.columns)
    let outcome = Swift.Result { try task.stac.putCollection(entry.json) }
    guard case .failure(let error) = outcome else { return dataset.target_table_name }
    // another try may help; but readers see the version, and that the catalogue does not is no reason to hide what came of the update
    guard let error = error as? HandlerError, error.status != .cancelled, !error.status.isRetryable || task.isLastAttempt else {
      throw error
    }
    task.log.warning("The catalogue does not take the dataset", ["reason": JSONText(error.message)])
    return nil
  }

  /// Who still reads an old version keeps it until the next update.
  private func dropOld(_ dataset: CuratedDataset, _ task: Task) throws -> Int {
    let outcome = Swift.Result {
      try dataset.database(task).transaction(SQLOptions(lockTimeout: .milliseconds(300))) { session in
        try session.execute("SELECT geo.curated_drop_old($1, $2::int)", [dataset.dataset_id, "\(dataset.keep_versions)"]).count
      }
    }
    guard case .failure(let error) = outcome else { return try outcome.get() }
    guard let error = error as? HandlerError, error.details?["sqlstate"]?.string == "55P03" else { throw error }
    task.log.info("An old version is still read; the next update drops it")
    return 0
  }

  /// A download stays as long as its version.
  private func removeDownloads(_ params: Params, _ task: Task) throws {
    let dataset = params.dataset
    let jobs = try dataset.database(task).transaction(SQLOptions(isReadOnly: true)) { session in
      try session.execute(
        "SELECT DISTINCT job_id FROM geo.curated_versions WHERE dataset_id = $1 AND job_id IS NOT NULL", [dataset.dataset_id])
    }
    let rule = DownloadRule(job: task.jobID, kept: Set(jobs.compactMap { $0[0] }))
    var page: String?
    repeat {
      let listing = try task.storage.list(params.container, prefix: "\(dataset.folder)/", limit: 1000, page: page)
      for object in listing.objects where rule.isToGo(object.key) { try task.storage.remove(params.container, object.key) }
      page = listing.next
    } while page != nil
  }
}
