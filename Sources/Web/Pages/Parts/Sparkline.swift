/// A small line of what was lately, the newest at the right.
struct Sparkline: Sendable {
  var values: [Double]
  /// What is drawn, for those who do not see it.
  var words: String

  private static let (width, height) = (120.0, 24.0)

  var html: HTML {
    guard values.count > 1 else { return .nothing }
    let top = max(values.max() ?? 0, 1e-9)
    let points = values.enumerated().map { place, value -> HTML in
      let x = Self.width * Double(place) / Double(values.count - 1)
      let y = Self.height - 1.5 - (Self.height - 3) * max(0, value) / top
      return "\(at: x),\(at: y) "
    }
    return """
      <svg class="spark" viewBox="0 0 120 24" preserveAspectRatio="none" role="img" aria-label="\(words)">\
      <polygon points="0,24 \(points)120,24"/><polyline points="\(points)"/></svg>
      """
  }
}
