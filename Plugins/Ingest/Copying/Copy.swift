import HandlerKit

/// Copies all assets of a batch of items, many at once, each as a whole, verified by size and checksum.
///
/// An item of which one asset cannot be copied is a reject with the reasons; the others go on. A rerun copies only
/// what is missing or differs, unless `overwrite`.
struct Copy: Handler {
  static let name = "ingest.copy"
  static let version = "1.0.0"
  static let title: String? = "Copy all assets of a batch of items, verified by size and checksum"
  static let isIdempotent = true
  static let services: [Service] = [.storage]
  static let optional: [Service] = [.log, .progress, .metric, .checkpoint]
  static let params = Schema.object(
    required: [
      "items": .array(of: IngestItem.schema), "from": .string("Source container."), "to": .string("Target container."),
    ],
    optional: [
      "overwrite": .boolean("Replace what is there even if it is the same.", default: false),
      "skip_existing": .boolean(
        "Copy only what is missing or differs; if false, and overwrite too, an object that is there rejects its item.",
        default: true),
      "collection_id": Schema.string("The collection that the assets are for: so they can be taken back with it.").orNull,
    ])
  static let items: Schema? = IngestItem.schema
  static let result: Schema? = .object(required: [
    "items_copied": .integer("Items of which something was copied.", minimum: 0),
    "items_skipped": .integer("Items that were in place.", minimum: 0),
    "files_copied": .integer(minimum: 0), "files_skipped": .integer(minimum: 0), "bytes_copied": .integer(minimum: 0),
  ])

  struct Params: Decodable {
    var items: [IngestItem]
    var from: String
    var to: String
    var overwrite: Bool?
    var skip_existing: Bool?
    var collection_id: String?
  }

  struct Result: Encodable {
    var items_copied = 0
    var items_skipped = 0
    var files_copied = 0
    var files_skipped = 0
    var bytes_copied = 0
  }

  func run(_ params: Params, _ task: Task) throws -> Result {
    var batch = CopyBatch(task, from: params.from, to: params.to, collection: params.collection_id)
    let files = params.items.flatMap(\.files)
    if params.overwrite ?? false {
      try batch.copy(files, .replace)
    } else if params.skip_existing ?? true {
      try batch.copy(files, .update)
    } else {
      try batch.copyNew(files)
    }
    if let failure = batch.retryable, !task.isLastAttempt {
      throw HandlerError.retry("\(batch.failed) of \(files.count) files could not be copied, first \(failure)")
    }
    var result = Result(files_copied: batch.copied, files_skipped: batch.skipped, bytes_copied: batch.bytes)
    for item in params.items {
      guard let place = try settle(item, batch, task) else { continue }
      if place == .copied { result.items_copied += 1 } else { result.items_skipped += 1 }
    }
    try report(files, batch, task)
    try task.metrics.add("files_copied", result.files_copied)
    try task.metrics.add("files_skipped", result.files_skipped)
    try task.metrics.add("bytes_copied", result.bytes_copied)
    return result
  }

  /// What is in place now, whoever brought it: so the sums are those of the source, however often a host was killed.
  private func report(_ files: [IngestItem.File], _ batch: CopyBatch, _ task: Task) throws {
    var seen: Set<ExactText> = []
    let done = files.filter { file in
      guard seen.insert(ExactText(file.key)).inserted, case .inPlace = batch.outcomes[ExactText(file.key)] else { return false }
      return true
    }
    try task.metrics.add("files_done", done.count)
    try task.metrics.add("cogs_done", done.filter { $0.key.hasSuffix(".tif") || $0.key.hasSuffix(".tiff") }.count)
    try task.metrics.add("bytes_done", done.reduce(0) { $0 + $1.size })
  }

  private enum Place {
    case copied, skipped
  }

  /// Emits the item, or rejects it and gives nil.
  private func settle(_ item: IngestItem, _ batch: CopyBatch, _ task: Task) throws -> Place? {
    let placed = item.placed(batch.outcomes)
    let problems = placed.problems
    if let first = problems.first {
      let reasons = problems.map(\.message).joined(separator: "; ")
      try task.reject(item.id, HandlerError(first.status, reasons))
      return nil
    }
    try task.emit(placed.item.json)
    return placed.wasCopied ? .copied : .skipped
  }
}

extension IngestItem {
  /// The item with the URLs of its copies, and what went wrong with them.
  fileprivate func placed(
    _ outcomes: [ExactText: CopyBatch.Outcome]
  ) -> (item: IngestItem, problems: [BatchFailure], wasCopied: Bool) {
    var problems: [BatchFailure] = []
    var wasCopied = false
    let place = { (file: File) in
      var file = file
      switch outcomes[ExactText(file.key)] {
      case .failed(let failure): problems.append(failure)
      case .inPlace(let head, let isWritten):
        file.url = head?.url
        wasCopied = wasCopied || isWritten
      case nil: break
      }
      return file
    }
    var item = self
    item.assets = assets.map(place)
    item.links = links?.map(place)
    return (item, problems, wasCopied)
  }
}
