import CuratedRules
import HandlerKit

/// Makes a version of what was fetched: loads it beside the one that readers see, looks at it, and lets it take that one's place.
///
/// All but the last is one transaction: of a version that is refused, or of an attempt that dies, nothing stays.
struct EtlProcess: Handler {
  static let name = "curated.etl_process"
  static let version = "1.0.0"
  static let title: String? = "Load, validate and publish a version"
  static let isIdempotent = true
  static let services: [Service] = [.storage, .sql]
  static let optional: [Service] = [.log, .progress, .cancel, .metric]
  static let params = Schema.object(
    required: ["dataset": CuratedDataset.schema, "container": .string("Where the source lies."), "key": .string()],
    optional: [
      "source_version": Schema.string().orNull, "source_etag": Schema.string().orNull, "sha256": Schema.string().orNull,
      "dry_run": .boolean("Everything but the swap.", default: false),
    ])
  static let result: Schema? = .object(
    required: [
      "published": .boolean(), "added": .integer(), "updated": .integer(), "deleted": .integer(), "total": .integer(),
      "mended": .integer("Invalid geometries that were made valid."), "emptied": .integer("Rows without a geometry of the kind."),
      "recoded": .integer("Texts that were not UTF-8."), "load_seconds": .number("Of the COPY."),
    ],
    optional: ["version": .integer(), "source_version": .string(), "bounds": .array(of: .number())])

  struct Params: Decodable {
    var dataset: CuratedDataset
    var container: String
    var key: String
    var source_version: String?
    var source_etag: String?
    var sha256: String?
    var dry_run: Bool?

    var source: VersionRecord.Source { VersionRecord.Source(version: source_version, etag: source_etag, sha256: sha256) }
  }

  struct Result: Encodable {
    var published: Bool
    var version: Int?
    var source_version: String?
    var added, updated, deleted, total: Int
    var mended, emptied, recoded: Int
    var load_seconds: Double
    var bounds: [Double]?
  }

  func run(_ params: Params, _ task: Task) throws -> Result {
    let record = VersionRecord(dataset: params.dataset)
    let isDry = params.dry_run ?? false
    var loaded = try record.find(job: task.jobID, task)
    if loaded == nil { loaded = try GDAL.with(task) { try load(params, task) } }
    guard let loaded else { throw HandlerError.failed("\(params.dataset.dataset_id): nothing was loaded.") }
    if !isDry, !loaded.isCurrent { try record.makeCurrent(loaded.version, task) }
    task.log.info(
      isDry ? "Loaded the version and took it back" : "Readers see the version",
      [
        "version": JSONText(loaded.version), "rows": JSONText(loaded.rows), "added": JSONText(loaded.delta.added),
        "updated": JSONText(loaded.delta.updated), "deleted": JSONText(loaded.delta.deleted),
      ])
    return Result(
      published: !isDry, version: isDry ? nil : loaded.version, source_version: params.source_version, added: loaded.delta.added,
      updated: loaded.delta.updated, deleted: loaded.delta.deleted, total: loaded.rows, mended: loaded.mended, emptied: loaded.emptied,
      recoded: loaded.recoded, load_seconds: loaded.loadSeconds, bounds: loaded.bounds)
  }

  private func load(_ params: Params, _ task: Task) throws -> LoadedVersion {
    let dataset = params.dataset
    let source = try LayerSource("/vsiweir/\(params.container)/\(params.key)", dataset.source_config)
    return try dataset.database(task).transaction { session in
      let missing = VersionRules(config: dataset.source_config, current: nil).missing(among: source.columns.map(\.name))
      try refuse(missing.map { "it has no column \($0)" }, dataset)
      let table = try VersionTable.begin(dataset, source.columns, session)
      // behind its lock: nobody puts another one in its place until this one is whole
      let current = try CurrentVersion.find(dataset, session)
      let before = try current.flatMap { _ in try TableColumns.find(dataset.target_table_name, session) }
      let rules = VersionRules(config: dataset.source_config, current: current)
      let start = ContinuousClock.now
      try table.load(source) { source in try task.progress.report(source.counts.rows, of: current?.rowCount ?? 0, "rows") }
      let loadSeconds = (ContinuousClock.now - start) / .seconds(1)
      try table.mendCodes()
      let counts = source.counts
      var (rows, bounds) = (counts.rows, source.bounds)
      if dataset.update_strategy == "upsert", let before {
        try table.keepOthers(of: before)
        (rows, bounds) = (try table.count(), try table.bounds())
      }
      let facts = VersionRules.Facts(rows: rows, read: counts.rows, emptied: counts.emptied, bounds: bounds)
      try refuse(rules.problems(facts) + [try table.keyProblem()].compactMap { $0 }, dataset)
      try table.finish()
      var loaded = LoadedVersion(version: table.number, rows: rows, delta: try table.delta(to: before), bounds: bounds)
      (loaded.mended, loaded.emptied, loaded.recoded, loaded.loadSeconds) = (counts.mended, counts.emptied, counts.recoded, loadSeconds)
      try task.metrics.add("rows_loaded", rows)
      if params.dry_run ?? false {
        try session.execute("DROP TABLE \(table.place)")
      } else {
        try VersionRecord(dataset: dataset).insert(loaded, params.source, job: task.jobID, session)
      }
      return loaded
    }
  }

  private func refuse(_ problems: [String], _ dataset: CuratedDataset) throws {
    guard !problems.isEmpty else { return }
    throw HandlerError.failed(
      "\(dataset.dataset_id): what the source has cannot be a version: \(problems.joined(separator: "; ")). Readers keep the version that they see."
    )
  }
}
