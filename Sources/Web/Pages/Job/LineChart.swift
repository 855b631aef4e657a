/// A line over time, drawn by the server: with its scale, and its numbers as a table for those who do not see it.
struct LineChart: Sendable {
  var title: String
  /// Times of RFC 3339, the oldest first.
  var points: [(at: String, value: Double)]
  var unit: String?

  private static let (left, width, height) = (56.0, 520.0, 110.0)

  var html: HTML {
    let values = points.map(\.value)
    guard points.count > 1, let first = RFC3339.seconds(of: points[0].at), let last = RFC3339.seconds(of: points[points.count - 1].at),
      last > first
    else { return .nothing }
    let top = Self.roundTop(values.max() ?? 1)
    let line = points.map { point -> HTML in
      let x = Self.left + Self.width * ((RFC3339.seconds(of: point.at) ?? first) - first) / (last - first)
      return "\(at: x),\(at: y(point.value, top)) "
    }
    let scale = [0, top / 2, top].map { value -> HTML in
      """
      <line class="tick" x1="\(at: Self.left)" x2="\(at: Self.left + Self.width)" y1="\(at: y(value, top))" y2="\(at: y(value, top))"/>\
      <text class="axis" x="\(at: Self.left - 6)" y="\(at: y(value, top) + 4)" text-anchor="end">\(isBytes ? Quantity.bytes(value) : Quantity.short(value))</text>
      """
    }
    return """
      <figure class="chart"><figcaption>\(title)\(unit.map { isBytes ? "" : ", \($0)" } ?? "")</figcaption>
      <svg viewBox="0 0 590 140" role="img" aria-label="\(title): \(Quantity.text(values[values.count - 1], unit: unit)) at the end, \
      \(Quantity.text(values.max() ?? 0, unit: unit)) at most">
      \(scale)<polyline points="\(line)"/>
      <text class="axis" x="\(at: Self.left)" y="134">\(Self.clock(points[0].at))</text>
      <text class="axis" x="\(at: Self.left + Self.width)" y="134" text-anchor="end">\(Self.clock(points[points.count - 1].at))</text>
      </svg>
      \(table)</figure>
      """
  }

  private var isBytes: Bool { unit == "bytes" }

  /// A dozen of the points.
  private var table: HTML {
    let every = max(1, points.count / 12)
    let rows = stride(from: 0, to: points.count, by: every).map { place -> HTML in
      "<tr><td>\(Self.clock(points[place].at))</td><td class=\"n\">\(Quantity.text(points[place].value, unit: unit))</td></tr>"
    }
    return """
      <details><summary>Show as a table</summary><table><thead><tr><th scope="col">Time</th><th scope="col" class="n">\(title)</th></tr></thead>
      <tbody>\(rows)</tbody></table></details>
      """
  }

  private func y(_ value: Double, _ top: Double) -> Double { 8 + Self.height * (1 - min(1, max(0, value / top))) }

  private static func clock(_ time: String) -> String { "\(time.dropFirst(11).prefix(8))" }

  /// The next of 1, 2, 5, 10, 20, ... times a power of ten.
  private static func roundTop(_ value: Double) -> Double {
    guard value > 0, value.isFinite else { return 1 }
    var power = 1.0
    while power * 10 <= value { power *= 10 }
    while power > value { power /= 10 }
    return [1, 2, 5, 10].map { $0 * power }.first { $0 >= value } ?? value
  }
}
