import Database
import Workflow

/// What a batch of completions adds to the totals and metrics of its stages.
struct TotalDeltas {
  private struct Key: Hashable {
    var stageID: Int64
    var kind: TotalDelta.Kind
    var name: String
    var rule: TotalDelta.Rule
  }

  private var values: [Key: [String]] = [:]

  init(_ completions: [Completion]) {
    for completion in completions where completion.verdict == .completed {
      for delta in completion.totals {
        let key = Key(
          stageID: completion.task.stageID, kind: delta.kind, name: delta.name, rule: delta.rule)
        values[key, default: []].append(delta.value)
      }
    }
  }

  /// PostgreSQL adds the numbers, as `numeric`: sums are exact, whatever their order.
  func store(in tx: Transaction) throws {
    guard !values.isEmpty else { return }
    let flat = values.flatMap { key, texts in texts.map { (key, $0) } }
    try tx.execute(
      """
      INSERT INTO stage_totals AS t (stage_id, kind, name, aggregate, value)
      SELECT stage_id, kind, name, aggregate,
             CASE aggregate WHEN 'min' THEN min(value) WHEN 'max' THEN max(value)
                            WHEN 'last' THEN (array_agg(value ORDER BY place DESC))[1] ELSE sum(value) END
      FROM unnest(\(flat.map { Int($0.0.stageID) })::bigint[], \(flat.map(\.0.kind.rawValue))::text[],
                  \(flat.map(\.0.name))::text[], \(flat.map(\.0.rule.rawValue))::text[],
                  \(flat.map(\.1))::numeric[])
           WITH ORDINALITY AS d (stage_id, kind, name, aggregate, value, place)
      GROUP BY stage_id, kind, name, aggregate ORDER BY stage_id, kind, name
      ON CONFLICT (stage_id, kind, name) DO UPDATE SET value =
          CASE t.aggregate WHEN 'min' THEN least(t.value, excluded.value)
                           WHEN 'max' THEN greatest(t.value, excluded.value)
                           WHEN 'last' THEN excluded.value
                           ELSE t.value + excluded.value END
      """)
  }
}
