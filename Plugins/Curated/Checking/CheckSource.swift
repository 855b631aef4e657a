import CuratedRules
import HandlerKit

/// Asks a dataset's source whether it has a version that readers do not see yet.
struct CheckSource: Handler {
  static let name = "curated.check_source"
  static let version = "1.0.0"
  static let title: String? = "Ask the source whether it has a new version"
  static let isIdempotent = true
  static let services: [Service] = [.http, .sql, .storage]
  static let optional: [Service] = [.log, .cancel]
  static let params = Schema.object(
    required: ["dataset": CuratedDataset.schema, "container": .string("Where files that are put by hand lie.")],
    optional: ["force_update": .boolean("Also when the source has nothing new.", default: false)])
  static let result: Schema? = .object(
    required: ["needs_update": .boolean(), "reason": .string()],
    optional: ["source_version": .string("What the source has; absent where only the file says it.")])

  struct Params: Decodable {
    var dataset: CuratedDataset
    var container: String
    var force_update: Bool?
  }

  struct Result: Encodable {
    var needs_update: Bool
    var reason: String
    var source_version: String?
  }

  func run(_ params: Params, _ task: Task) throws -> Result {
    let dataset = params.dataset
    let current = try CurrentVersion.find(dataset, task)
    let (version, etag) = try source(dataset, params.container, task)
    let decision = UpdateDecision(
      version: version, etag: etag, current: current, isRelease: dataset.source_config.versionBy == "release",
      isForced: params.force_update ?? false)
    task.log.info(
      decision.needsUpdate ? "The source is to be fetched: \(decision.reason)" : "Nothing to do: \(decision.reason)",
      ["dataset": JSONText(dataset.dataset_id), "source_version": version.map { JSONText($0) }])
    return Result(
      needs_update: decision.needsUpdate, reason: decision.reason,
      source_version: version ?? (decision.needsUpdate ? nil : current?.sourceVersion))
  }

  private func source(_ dataset: CuratedDataset, _ container: String, _ task: Task) throws -> (version: String?, etag: String?) {
    if dataset.source_type == "manual" {
      let file = try IncomingFile.newest(dataset, container, task)
      return (file.version, file.head.etag)
    }
    if dataset.source_type == "api_paginated", dataset.source_config.versionBy != "file" { return (nil, nil) }
    let offer = try SourceServer(dataset: dataset, task: task).offer()
    return (offer.version, offer.etag)
  }
}
