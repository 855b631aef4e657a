import Engine
import Workflow

/// How tasks stand, as segments of one bar in the order in which tasks go through it: what ended first, what waits last.
///
/// The bar of a job gives each stage its part of the job's time, so that it never runs back when a stage begins.
struct SegmentedBar: Sendable {
  private static let width = 1000.0

  private var rectangles: [HTML] = []
  private var words: String
  private var isThin: Bool

  init(_ card: JobCard) {
    isThin = false
    words = "\(Quantity.percent(card.progress)) of the job: \(Self.words(card.counts))"
    let whole = card.stages.reduce(0) { $0 + $1.weight }
    var x = 0.0
    for (place, stage) in card.stages.enumerated() {
      let width = Self.width * (whole > 0 ? stage.weight / whole : 1 / Double(card.stages.count))
      add(stage.counts, from: x, width: width, isOver: stage.state == .completed || stage.state == .skipped)
      x += width
      if place < card.stages.count - 1 { rectangles.append("<rect class=\"gap\" x=\"\(at: x - 1)\" width=\"2\" height=\"8\"/>") }
    }
  }

  init(_ counts: TaskCounts, isOver: Bool = false, isThin: Bool = false) {
    self.isThin = isThin
    words = Self.words(counts)
    add(counts, from: 0, width: Self.width, isOver: isOver)
  }

  /// A bar of one colour, for a figure of a plugin's own.
  init(_ fraction: Double, words: String) {
    self.words = words
    isThin = true
    rectangles = ["<rect class=\"f-domain\" width=\"\(at: fraction * Self.width)\" height=\"8\"/>"]
  }

  var html: HTML {
    """
    <svg class="bar\(isThin ? " thin" : "")" viewBox="0 0 1000 8" preserveAspectRatio="none" role="img" aria-label="\(words)">\
    <rect class="track" width="1000" height="8"/>\(rectangles)</svg>
    """
  }

  private mutating func add(_ counts: TaskCounts, from start: Double, width: Double, isOver: Bool) {
    guard counts.total > 0 else {
      if isOver { rectangles.append("<rect class=\"f-completed\" x=\"\(at: start)\" width=\"\(at: width)\" height=\"8\"/>") }
      return
    }
    var x = start
    for (state, count) in Self.segments(counts) where count > 0 && state != .queued {
      // one task in a million can be seen, too
      let wide = max(width * Double(count) / Double(counts.total), state == .completed ? 0 : min(3, width))
      let inside = min(wide, start + width - x)
      rectangles.append("<rect class=\"f-\(state.rawValue)\" x=\"\(at: x)\" width=\"\(at: max(0, inside))\" height=\"8\"/>")
      x += inside
    }
  }

  static func segments(_ counts: TaskCounts) -> [(TaskState, Int)] {
    [
      (.completed, counts.completed), (.failed, counts.failed), (.cancelled, counts.cancelled), (.running, counts.running),
      (.retrying, counts.retrying), (.queued, counts.queued),
    ]
  }

  private static func words(_ counts: TaskCounts) -> String {
    guard counts.total > 0 else { return "no tasks yet" }
    let parts = segments(counts).filter { $0.1 > 0 }.map { "\(Quantity.text($0.1)) \($0.0.rawValue)" }
    return "\(Quantity.text(counts.total, "task")): \(parts.joined(separator: ", "))"
  }

  /// What the colours mean, with the numbers; states without tasks are left out.
  static func legend(_ counts: TaskCounts) -> HTML {
    let entries = segments(counts).filter { $0.1 > 0 }.map { state, count -> HTML in
      "<li><span class=\"swatch f-\(state.rawValue)\" aria-hidden=\"true\"></span>\(Quantity.text(count)) \(state.rawValue)</li>"
    }
    return entries.isEmpty ? .nothing : "<ul class=\"legend\">\(entries)</ul>"
  }
}
