import Engine
import Glibc
import Workflow

/// When each stage of a job ran: one line a stage, over the time of the job.
struct Timeline: Sendable {
  var card: JobCard
  var now: String

  private static let (left, width, line) = (150.0, 640.0, 26.0)

  var html: HTML {
    let start = RFC3339.seconds(of: card.startedAt ?? card.createdAt) ?? 0
    let end = card.finishedAt.flatMap(RFC3339.seconds)
    let span = max(1, end.map { $0 - start } ?? Self.past((RFC3339.seconds(of: now) ?? start) - start))
    let height = Double(card.stages.count) * Self.line + 30
    func x(_ seconds: Double) -> Double { Self.left + Self.width * min(1, max(0, seconds / span)) }
    let ticks = Self.ticks(span).map { tick -> HTML in
      """
      <line class="tick" x1="\(at: x(tick))" x2="\(at: x(tick))" y1="0" y2="\(at: height - 22)"/>\
      <text class="axis" x="\(at: x(tick))" y="\(at: height - 6)" text-anchor="middle">\(Quantity.duration(tick))</text>
      """
    }
    let bars = card.stages.enumerated().map { place, stage -> HTML in
      let y = Double(place) * Self.line
      let from = stage.openedAt.flatMap(RFC3339.seconds).map { $0 - start }
      let to = stage.finishedAt.flatMap(RFC3339.seconds).map { $0 - start } ?? (stage.openedAt == nil ? nil : span)
      let words = "\(stage.id): \(Self.words(stage, from, to))"
      var bar: HTML = .nothing
      if let from, let to {
        bar = """
          <rect class="span g-\(stage.state.rawValue)" x="\(at: x(from))" y="\(at: y + 5)" \
          width="\(at: max(3, x(to) - x(from)))" height="16" rx="3"><title>\(words)</title></rect>
          """
      }
      return "<g><text class=\"name\" x=\"0\" y=\"\(at: y + 17)\">\(StageGraph.cut(stage.id, to: 19))</text>\(bar)</g>"
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Timeline of the stages">
      <svg class="timeline" width="820" height="\(at: height)" viewBox="0 0 820 \(at: height)" role="img" \
      aria-label="When the stages ran; the table of stages says the same in words">
      \(ticks)\(bars)</svg></div>
      """
  }

  private static func words(_ stage: StageBar, _ from: Double?, _ to: Double?) -> String {
    guard let from, let to else { return stage.state.rawValue }
    let took = stage.finishedAt == nil ? Quantity.age(to - from) : Quantity.duration(to - from)
    return "\(stage.state.rawValue), begun after \(Quantity.duration(from)), for \(took)"
  }

  /// How far a job that goes on is drawn: to the end of the two hundredth part, or so, of its time in which it is, so that
  /// the drawing stays the same for a while.
  static func past(_ seconds: Double) -> Double {
    let grain = max(1, exp2(log2(max(seconds, 1) / 200).rounded(.down)))
    return (seconds / grain).rounded(.up) * grain
  }

  /// Four to eight marks at round times.
  private static func ticks(_ span: Double) -> [Double] {
    let rounds: [Double] = [
      1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86_400, 172_800, 604_800, 2_592_000,
    ]
    let apart = rounds.first { span / $0 <= 6 } ?? span / 4
    return Array(stride(from: 0, through: span, by: apart))
  }
}
