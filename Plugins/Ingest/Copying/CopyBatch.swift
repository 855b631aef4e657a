import HandlerKit

/// The copies of one task, asset by asset.
struct CopyBatch {
  enum Outcome {
    case inPlace(ObjectHead?, isWritten: Bool)
    case failed(BatchFailure)
  }

  private let task: Task
  private let from: String
  private let to: String
  private let collection: String?
  /// By key: two items may share an asset.
  private(set) var outcomes: [ExactText: Outcome] = [:]
  private(set) var copied = 0
  private(set) var skipped = 0
  private(set) var bytes = 0
  private(set) var failed = 0
  /// The message of the first failure that may not happen again.
  private(set) var retryable: String?

  /// So many copies a call, to report progress between them.
  private static let most = 256

  init(_ task: Task, from: String, to: String, collection: String?) {
    self.task = task
    self.from = from
    self.to = to
    self.collection = collection
  }

  mutating func copy(_ assets: [IngestItem.File], _ ifExists: WriteOptions.IfExists) throws {
    var seen: Set<ExactText> = []
    let distinct = assets.filter { seen.insert(ExactText($0.key)).inserted }
    var start = 0
    while start < distinct.count {
      let part = distinct[start..<min(start + Self.most, distinct.count)]
      try copyPart(Array(part), ifExists)
      start += part.count
      try task.progress.report(start, of: distinct.count, "assets copied")
    }
  }

  /// Copies what was not there before the task's first attempt; what was there fails.
  ///
  /// What an earlier attempt copied is not taken for somebody else's: the first one notes what was missing.
  mutating func copyNew(_ assets: [IngestItem.File]) throws {
    let absent = try absentAtFirst(assets)
    try copy(assets.filter { absent.contains(ExactText($0.key)) }, .update)
    try copy(assets.filter { !absent.contains(ExactText($0.key)) }, .fail)
  }

  private mutating func copyPart(_ assets: [IngestItem.File], _ ifExists: WriteOptions.IfExists) throws {
    let copies = assets.map { ObjectCopy(from: from, $0.key, etag: $0.etag, to: to, $0.key) }
    let report = try task.storage.copy(copies, options: WriteOptions(ifExists: ifExists), heads: true, for: collection)
    copied += report.done
    skipped += report.skipped
    bytes += report.bytes
    failed += report.failures.count
    let allSkipped = report.done == 0
    for (index, asset) in assets.enumerated() {
      let head = index < report.heads.count ? report.heads[index] : nil
      outcomes[ExactText(asset.key)] = .inPlace(head, isWritten: head?.isWritten ?? !allSkipped)
    }
    for failure in report.failures where assets.indices.contains(failure.index) {
      outcomes[ExactText(assets[failure.index].key)] = .failed(failure)
      if failure.status.isRetryable, retryable == nil { retryable = "\(assets[failure.index].key): \(failure.message)" }
    }
  }

  private func absentAtFirst(_ assets: [IngestItem.File]) throws -> Set<ExactText> {
    if let noted = try task.checkpoint.load() {
      return Set(try JSONText(validating: noted).elements.compactMap(\.string).map(ExactText.init))
    }
    var absent: Set<ExactText> = []
    for asset in assets where try task.storage.find(to, asset.key) == nil { absent.insert(ExactText(asset.key)) }
    try task.checkpoint.save(Array(JSONText.array(absent.map(\.text).sorted().map { JSONText($0) }).bytes))
    return absent
  }
}
