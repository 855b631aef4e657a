import Database
import Workflow

/// The items and rejects of a batch of completions, on their way to becoming visible.
struct Emissions {
  private struct Part {
    var stageID: Int64
    var kind: ItemKind
    var token: Int64
    var n: Int
    var emission: Emission
  }

  private let parts: [Part]

  init(_ completions: [Completion]) {
    parts = completions.flatMap { completion -> [Part] in
      guard completion.verdict == .completed else { return [] }
      return [(ItemKind.item, completion.items), (.reject, completion.rejects)].compactMap { kind, emission in
        guard emission.count > 0 else { return nil }
        return Part(
          stageID: completion.task.stageID, kind: kind, token: completion.task.token, n: completion.task.n,
          emission: emission)
      }
    }
  }

  /// Stores the tails and names the tokens in `item_ranges`, in the order of the batch.
  ///
  /// The numbers of a stage's elements follow from its counters, which the transaction has locked and moved already.
  func publish(after counters: [StageCounters], in tx: Transaction) throws {
    guard !parts.isEmpty else { return }
    let tails = parts.filter { $0.emission.tailCount > 0 }
    if !tails.isEmpty {
      try tx.execute(
        """
        INSERT INTO chunks (token, kind, first, count, body)
        SELECT * FROM unnest(\(tails.map { $0.token })::bigint[], \(tails.map(\.kind.rawValue))::smallint[],
            \(tails.map(\.emission.spooled))::bigint[], \(tails.map(\.emission.tailCount))::int[],
            \(tails.map { String(decoding: $0.emission.tail, as: UTF8.self) })::text[])
        """)
    }
    var next: [Int64: [ItemKind: Int]] = [:]
    for stage in counters {
      let mine = parts.filter { $0.stageID == stage.stageID }
      func before(_ kind: ItemKind, _ total: Int) -> Int {
        total - mine.reduce(0) { $0 + ($1.kind == kind ? $1.emission.count : 0) }
      }
      next[stage.stageID] = [.item: before(.item, stage.items), .reject: before(.reject, stage.rejects)]
    }
    let firsts = parts.map { part -> Int in
      defer { next[part.stageID, default: [:]][part.kind, default: 0] += part.emission.count }
      return next[part.stageID]?[part.kind] ?? 0
    }
    try tx.execute(
      """
      INSERT INTO item_ranges (stage_id, kind, first, count, token, n)
      SELECT * FROM unnest(\(parts.map { Int($0.stageID) })::bigint[], \(parts.map(\.kind.rawValue))::smallint[],
          \(firsts)::bigint[], \(parts.map(\.emission.count))::bigint[], \(parts.map { $0.token })::bigint[],
          \(parts.map(\.n))::int[])
      """)
  }
}
