import Database
import Workflow

/// What was reported by `weir.metric/1` in some jobs, and what plugins declare of it.
struct DomainTotals {
  /// By plugin, in the order of its manifest.
  private var declarations: [String: [MetricDeclaration]] = [:]
  /// By handler, of plugins that declare something.
  private var plugins: [String: String] = [:]
  private var exact: [Int64: [String: [String: String]]] = [:]

  static func read(_ jobs: [JobView], in tx: Transaction) throws -> DomainTotals {
    var totals = DomainTotals()
    let handlers = Array(Set(jobs.flatMap { $0.stages.map(\.handler) }))
    let rows = try tx.query(
      """
      SELECT h.name, h.plugin, m.declarations
      FROM (SELECT DISTINCT ON (name) name, plugin FROM handlers WHERE name = ANY(\(handlers)::text[]) ORDER BY name, seen_at DESC) h
      JOIN plugin_metrics m ON m.plugin = h.plugin
      """)
    guard !rows.isEmpty else { return totals }
    for row in rows {
      let plugin = try row.string(1)
      totals.plugins[try row.string(0)] = plugin
      guard totals.declarations[plugin] == nil else { continue }
      let listed = RawJSON(unchecked: try row.text(2)[...]).parsed().arrayValue ?? []
      totals.declarations[plugin] = listed.compactMap(MetricDeclaration.init)
    }
    let known = Array(totals.plugins)
    // PostgreSQL adds, as when it stored them: sums are exact
    let sums = try tx.query(
      """
      SELECT s.job_id, p.plugin, t.name,
             (CASE min(t.aggregate) WHEN 'min' THEN min(t.value) WHEN 'max' THEN max(t.value)
                                    WHEN 'last' THEN (array_agg(t.value ORDER BY s.position DESC))[1] ELSE sum(t.value) END)::text
      FROM stages s JOIN unnest(\(known.map(\.key))::text[], \(known.map(\.value))::text[]) AS p (handler, plugin) ON p.handler = s.handler
      JOIN stage_totals t ON t.stage_id = s.id AND t.kind = 'metric'
      WHERE s.job_id = ANY(\(jobs.map(\.id))::bigint[]) GROUP BY s.job_id, p.plugin, t.name
      """)
    for row in sums {
      totals.exact[Int64(try row.int(0)), default: [:]][try row.string(1), default: [:]][try row.string(2)] = try row.string(3)
    }
    return totals
  }

  /// Of one job: plugin by plugin, as its stages name them.
  func figures(of job: JobView, facts: [Int64: StageFacts], histories: JobLook) -> [DomainFigure] {
    var seen: Set<String> = []
    return job.stages.compactMap { plugins[$0.handler] }.filter { seen.insert($0).inserted }.flatMap { plugin in
      let declared = declarations[plugin] ?? []
      let stages = job.stages.filter { plugins[$0.handler] == plugin && $0.state == .running }.map { stage in
        DomainReport.Stage(
          handler: stage.handler, live: facts[stage.key]?.live ?? 0,
          history: Dictionary(
            declared.filter(\.hasRate).map { ($0.name, history(of: $0, stage, facts[stage.key]?.live ?? 0, histories)) }
          ) { first, _ in first })
      }
      return DomainReport(plugin: plugin, declarations: declared, exact: exact[job.id]?[plugin] ?? [:], stages: stages).figures
    }
  }

  private func history(of metric: MetricDeclaration, _ stage: StageView, _ live: Double, _ look: JobLook) -> [WorkSample] {
    let isLive = metric.live == stage.handler
    let now = (stage.metrics[metric.name].flatMap(Double.init) ?? 0) + (isLive ? live : 0)
    return look.history(of: stage) { ($0.domain[metric.name] ?? 0) + (isLive ? $0.live : 0) } + [look.moment(of: stage, now)]
  }
}
