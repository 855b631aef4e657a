import Engine
import Workflow

/// The stages of a job and what needs what, as a drawing from left to right.
struct StageGraph: Sendable {
  var stages: [StageBar]
  /// By stage.
  var needs: [String: [String]]

  private static let (width, height) = (190.0, 62.0)
  private static let (gapX, gapY, edge) = (48.0, 18.0, 4.0)

  private struct Place {
    var column: Int
    var row: Int

    var x: Double { StageGraph.edge + Double(column) * (StageGraph.width + StageGraph.gapX) }
    var y: Double { StageGraph.edge + Double(row) * (StageGraph.height + StageGraph.gapY) }
  }

  var html: HTML {
    let places = self.places
    let columns = (places.values.map(\.column).max() ?? 0) + 1
    let rows = (places.values.map(\.row).max() ?? 0) + 1
    let width = Double(columns) * (Self.width + Self.gapX) - Self.gapX + 2 * Self.edge
    let height = Double(rows) * (Self.height + Self.gapY) - Self.gapY + 2 * Self.edge
    let edges = stages.flatMap { stage in
      (needs[stage.id] ?? []).compactMap { need -> HTML? in
        guard let from = places[need], let to = places[stage.id] else { return nil }
        return edge(from, to, isLive: stages.contains { $0.id == need && $0.state == .running })
      }
    }
    let boxes = stages.compactMap { stage in places[stage.id].map { box(stage, $0) } }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Graph of the stages">
      <svg class="graph" width="\(at: width)" height="\(at: height)" viewBox="0 0 \(at: width) \(at: height)" role="group" aria-label="Stages">
      \(edges)\(boxes)</svg></div>
      """
  }

  /// A stage stands one column behind the last one that it needs.
  private var places: [String: Place] {
    var columns: [String: Int] = [:]
    var rows: [Int: Int] = [:]
    var places: [String: Place] = [:]
    func column(of id: String, depth: Int = 0) -> Int {
      if let known = columns[id] { return known }
      guard depth <= stages.count else { return 0 }
      let found = (needs[id] ?? []).map { column(of: $0, depth: depth + 1) + 1 }.max() ?? 0
      columns[id] = found
      return found
    }
    for stage in stages {
      let column = column(of: stage.id)
      places[stage.id] = Place(column: column, row: rows[column, default: 0])
      rows[column, default: 0] += 1
    }
    return places
  }

  private func edge(_ from: Place, _ to: Place, isLive: Bool) -> HTML {
    let (x1, y1) = (from.x + Self.width, from.y + Self.height / 2)
    let (x2, y2) = (to.x, to.y + Self.height / 2)
    let bend = max(24, (x2 - x1) / 2)
    return """
      <path class="edge\(isLive ? " live" : "")" d="M\(at: x1),\(at: y1) C\(at: x1 + bend),\(at: y1) \(at: x2 - bend),\(at: y2) \(at: x2),\(at: y2)"/>
      """
  }

  private func box(_ stage: StageBar, _ place: Place) -> HTML {
    let needed = needs[stage.id] ?? []
    let words =
      "\(stage.id): \(stage.state.rawValue), \(Quantity.text(stage.counts.total, "task"))"
      + (needed.isEmpty ? "" : ", needs \(needed.joined(separator: ", "))")
    let done = stage.state == .completed || stage.state == .skipped ? 1 : stage.progress
    return """
      <a href="?stage=\(url: stage.id)#tasks" aria-label="\(words)"><g class="box g-\(stage.state.rawValue)">
      <title>\(words)</title>
      <rect class="frame" x="\(at: place.x)" y="\(at: place.y)" width="\(at: Self.width)" height="\(at: Self.height)" rx="8"/>
      <text class="name" x="\(at: place.x + 12)" y="\(at: place.y + 22)">\(Self.cut(stage.id, to: 21))</text>
      <text class="more" x="\(at: place.x + 12)" y="\(at: place.y + 41)">\(Self.cut(figures(stage), to: 27))</text>
      <rect class="track" x="\(at: place.x + 12)" y="\(at: place.y + 50)" width="\(at: Self.width - 24)" height="4" rx="2"/>
      <rect class="done" x="\(at: place.x + 12)" y="\(at: place.y + 50)" width="\(at: (Self.width - 24) * done)" height="4" rx="2"/>
      </g></a>
      """
  }

  private func figures(_ stage: StageBar) -> String {
    switch stage.state {
    case .waiting, .skipped, .cancelled: return stage.state.rawValue
    default:
      let ended = stage.counts.completed + stage.counts.failed + stage.counts.cancelled
      let failed = stage.counts.failed > 0 ? " · \(Quantity.text(stage.counts.failed)) failed" : ""
      return "\(Quantity.text(ended)) / \(Quantity.text(stage.counts.total))\(failed)"
    }
  }

  static func cut(_ text: String, to length: Int) -> String {
    text.count <= length ? text : text.prefix(length - 1) + "…"
  }
}
