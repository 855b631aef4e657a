import HandlerKit

/// Removes from the catalogue what earlier ingests registered and this one no longer lists. Objects stay where they are.
struct Pruning {
  enum Outcome {
    case pruned(Int)
    case skipped(String)
  }

  private let task: Task
  private let collection: String
  /// The share of the items that may go at most, 0 to 1.
  private let limit: Double

  init(_ task: Task, collection: String, limit: Double) {
    self.task = task
    self.collection = collection
    self.limit = limit
  }

  /// - Parameter failed: items that this ingest listed and did not register: with one of them it cannot be told what left.
  /// - Throws: `.failed` when more would go than `limit` allows: nothing is removed then.
  func run(failed: Int) throws(HandlerError) -> Outcome {
    guard failed == 0 else {
      return .skipped("\(failed) \(failed == 1 ? "item" : "items") failed, and an item that failed looks like one that left the source")
    }
    var (seen, left) = (0, 0)
    try task.stac.eachPage(.left, of: collection) { page throws(HandlerError) in
      seen += page["seen"]?.int ?? 0
      left += page["items"]?.elements.count ?? 0
    }
    guard Double(left) <= Double(seen) * limit else {
      throw .failed(
        "\(collection): \(left) of \(seen) items left the source, \(percent(Double(left) / Double(seen))) of them, and prune_limit allows"
          + " \(percent(limit)): nothing was pruned. If they are to go, submit again with a prune_limit of at least"
          + " \(share(left, of: seen)); if not, look at the source.")
    }
    return .pruned(try remove(of: left))
  }

  private func remove(of left: Int) throws(HandlerError) -> Int {
    var removed = 0
    try task.stac.eachPage(.left, of: collection) { page throws(HandlerError) in
      let items = (page["items"]?.elements ?? []).compactMap { item -> (id: String, writtenBy: Int)? in
        guard let id = item["id"]?.string, let writtenBy = item["written_by"]?.int else { return nil }
        return (id, writtenBy)
      }
      if items.isEmpty { return }
      let report = try task.stac.removeItems(collection, items)
      if let failure = report.failures.first { throw HandlerError(failure.status, failure.message) }
      removed += report.removed
      try task.progress.report(removed, of: left, "items pruned")
    }
    return removed
  }

  private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded(.up))) %" }

  /// In hundredths, rounded up: "0.42".
  private func share(_ part: Int, of whole: Int) -> String {
    let hundredths = (part * 100 + whole - 1) / whole
    return hundredths >= 100 ? "1" : "0.\(hundredths < 10 ? "0" : "")\(hundredths)"
  }
}
