import Workflow

/// Checks emitted items against what their handler promised.
struct ItemCheck {
  let handler: HostedHandler

  /// What is wrong with the first bad item of a chunk of NDJSON; nil when all are good.
  func fault(in ndjson: [UInt8], count: Int) -> String? {
    guard count > 0 else { return nil }
    guard let schema = handler.item else { return "it emitted an item and declares none (item_schema)" }
    for item in NDJSON.split(ndjson) {
      if let problem = schema.problems(in: item).first {
        return "an item does not match its item_schema: \(problem.message)"
      }
    }
    return nil
  }
}
