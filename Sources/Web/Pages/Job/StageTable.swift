import Engine
import Workflow

/// The stages of a job with their numbers: what graph and timeline draw, in words.
struct StageTable: Sendable {
  var stages: [StageBar]
  var now: String

  var html: HTML {
    """
    <div class="scroll" tabindex="0" role="region" aria-label="Table of the stages"><table>
    <thead><tr><th scope="col">Stage</th><th scope="col">State</th><th scope="col" class="wide">Tasks</th>\
    <th scope="col" class="n">Items</th><th scope="col" class="n">Rejects</th><th scope="col" class="n">Rate</th>\
    <th scope="col">Time</th></tr></thead>
    <tbody>\(stages.map(row))</tbody></table></div>
    """
  }

  private func row(_ stage: StageBar) -> HTML {
    """
    <tr><th scope="row"><a href="?stage=\(url: stage.id)#tasks">\(stage.id)</a> <span class="meta">\(stage.handler)</span></th>
    <td>\(StateBadge(stage.state).html)</td>
    <td class="wide">\(SegmentedBar(stage.counts, isOver: stage.state == .completed, isThin: true).html)\
    \(SegmentedBar.legend(stage.counts))\(why(stage))</td>
    <td class="n">\(Quantity.text(stage.items))</td><td class="n">\(Quantity.text(stage.rejects))</td>
    <td class="n">\(stage.rate.map { Quantity.rate($0) } ?? "–")</td><td class="t">\(time(stage))</td></tr>

    """
  }

  private func why(_ stage: StageBar) -> HTML? {
    if let reason = stage.reason { return "<p class=\"meta\">\(Redaction.byForm.text(String(reason.prefix(300))))</p>" }
    return stage.waitingReason.map { "<p class=\"meta\">\(WaitPart(reason: $0).words)</p>" }
  }

  private func time(_ stage: StageBar) -> HTML {
    guard let opened = stage.openedAt else { return "–" }
    let took =
      Quantity.seconds(from: opened, to: stage.finishedAt ?? now)
      .map(stage.finishedAt == nil ? Quantity.age : Quantity.duration) ?? "–"
    if case .band = stage.eta { return "\(took), \(stage.eta.text) left" }
    return "\(took)"
  }
}
