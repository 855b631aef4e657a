import CuratedRules
import HandlerKit

/// Brings a dataset's source into a container, and says which version it is.
///
/// The rest of the update reads it there, on whichever host. What is cut goes on where it stopped, also in the next attempt.
struct FetchData: Handler {
  static let name = "curated.fetch_data"
  static let version = "1.0.0"
  static let title: String? = "Fetch the source into a container"
  static let isIdempotent = true
  static let services: [Service] = [.http, .storage, .sql]
  static let optional: [Service] = [.log, .progress, .cancel, .metric]
  static let params = Schema.object(
    required: ["dataset": CuratedDataset.schema, "container": .string("Where it is kept.")],
    optional: [
      "source_version": Schema.string("As check_source found it.").orNull,
      "force_update": .boolean("Also when the file is the one that readers see.", default: false),
    ])
  static let result: Schema? = .object(
    required: [
      "changed": .boolean("Whether the file is another than that of the version that readers see."), "key": .string(), "size": .integer(),
    ],
    optional: ["source_version": .string(), "source_etag": .string(), "sha256": .string()])

  struct Params: Decodable {
    var dataset: CuratedDataset
    var container: String
    var source_version: String?
    var force_update: Bool?
  }

  struct Result: Encodable {
    var changed: Bool
    var key: String
    var size: Int
    var source_version: String?
    var source_etag: String?
    var sha256: String?
  }

  func run(_ params: Params, _ task: Task) throws -> Result {
    let dataset = params.dataset
    try task.storage.makeContainer(params.container)
    var fetched = try fetch(params, task)
    do {
      try look(&fetched, params, task)
    } catch {
      // what cannot be a version is not kept; a file that was put by hand stays where it is
      if dataset.source_type != "manual" { try task.storage.remove(params.container, fetched.key) }
      throw error
    }
    let changed = try isAnother(fetched, params, task)
    try task.metrics.add("bytes_fetched", fetched.head.size)
    task.log.info(
      "Fetched the source",
      ["key": JSONText(fetched.key), "bytes": JSONText(fetched.head.size), "version": fetched.version.map { JSONText($0) }])
    return Result(
      changed: changed, key: fetched.key, size: fetched.head.size, source_version: fetched.version, source_etag: fetched.etag,
      sha256: fetched.head.sha256)
  }

  private func fetch(_ params: Params, _ task: Task) throws -> Fetched {
    let dataset = params.dataset
    let key = "\(dataset.folder)/\(task.jobID)/source"
    switch dataset.source_type {
    case "manual":
      let file = try IncomingFile.newest(dataset, params.container, task)
      guard file.head.size <= dataset.source_config.mostBytes else {
        throw HandlerError(
          .tooLarge, "\(params.container)/\(file.key): \(file.head.size) bytes are more than max_size, \(dataset.source_config.mostBytes).")
      }
      return Fetched(key: file.key, head: file.head, etag: file.head.etag, version: file.version)
    case "api_paginated":
      var fetched = try PagedSource(dataset: dataset, task: task).write(to: params.container, key)
      fetched.version = params.source_version
      return fetched
    default: return try download(params, key, task)
    }
  }

  private func download(_ params: Params, _ key: String, _ task: Task) throws -> Fetched {
    let server = SourceServer(dataset: params.dataset, task: task)
    let offer = try server.offer(release: params.source_version)
    let request = HTTPRequest(offer.url, auth: offer.credential, maxBytes: params.dataset.source_config.mostBytes)
    let answer: HTTPAnswer
    do {
      answer = try task.http.download(request, to: params.container, key)
    } catch {
      throw server.explained(error)
    }
    guard let head = answer.object else { throw HandlerError.failed("\(SourceText.place(offer.url)): the server sent no file.") }
    return Fetched(key: key, head: head, etag: answer.headers["etag"], version: server.version(of: answer, else: offer.version))
  }

  /// What the file is, and which version, where the file itself says it.
  private func look(_ fetched: inout Fetched, _ params: Params, _ task: Task) throws {
    let place = "\(params.container)/\(fetched.key)"
    let head = try task.storage.readMany([ReadRequest(params.container, fetched.key, size: 512)])
    if let refusal = FileKind(head.first?.bytes ?? []).refusal {
      throw HandlerError.failed("\(SourceText.place(params.dataset.source_url ?? place)): what was fetched \(refusal).")
    }
    let config = params.dataset.source_config
    if config.versionBy == "member" {
      let path = "/vsiweir/\(place)"
      let text = try GDAL.with(task) { try GDAL.text(in: path, named: config.version?.match ?? "*") }
      guard let text, !SourceText.plain(text).isEmpty else {
        throw HandlerError.failed("\(place): no file in it is named as \"\(config.version?.match ?? "*")\", which should say its version.")
      }
      fetched.version = SourceText.plain(text)
    } else if fetched.version == nil {
      fetched.version = fetched.head.sha256.map { "sha256:\($0.prefix(16))" } ?? "etag:\(SourceText.plain(fetched.head.etag))"
    }
  }

  /// The same version, or the same bytes, are nothing new unless that is asked for.
  private func isAnother(_ fetched: Fetched, _ params: Params, _ task: Task) throws -> Bool {
    guard let current = try CurrentVersion.find(params.dataset, task), params.force_update != true else { return true }
    let isByTime = params.dataset.source_config.versionBy == "last_modified"
    guard current.isOf(version: fetched.version, sha256: fetched.head.sha256, isByTime: isByTime) else { return true }
    task.log.info("Nothing to do: the file is the one that readers see")
    _ = try params.dataset.database(task).transaction { session in
      // the next check need not fetch it again
      try session.execute(
        "UPDATE geo.curated_versions SET source_etag = $2 WHERE dataset_id = $1 AND state = 'current'",
        [params.dataset.dataset_id, fetched.etag])
    }
    if params.dataset.source_type != "manual" { try task.storage.remove(params.container, fetched.key) }
    return false
  }
}
