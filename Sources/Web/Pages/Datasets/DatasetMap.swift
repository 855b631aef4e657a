import Engine
import Workflow

/// The map of a dataset, and the same as a table for those who cannot see a map or cannot point at it.
struct DatasetMap: Sendable {
  var dataset: String
  var styles: [Style]
  /// Or why nothing can be drawn.
  var read: Result<(layer: TileLayer, rows: [[String?]]), EngineError>
  /// The first row that is shown, from 0.
  var from: Int

  static let listed = 25

  var map: HTML {
    let layer: TileLayer
    switch read {
    case .success(let found): layer = found.layer
    case .failure(let error): return DatasetPage.trouble(error)
    }
    guard let bounds = layer.bounds else {
      return EmptyPart(icon: .map, title: "Nothing lies anywhere.", text: "The current version has no geometry.").html
    }
    let edges = bounds.map { "\($0)" }.joined(separator: ",")
    let options = styles.map { style -> HTML in
      "<option value=\"/api/styles/\(url: style.id)?f=mapbox\"\(style.id == dataset ? " selected" as HTML : .nothing)>\(style.title)</option>"
    }
    let choice: HTML? =
      styles.count > 1
      ? "<p class=\"filters\"><label for=\"map-style\">Style</label> <select id=\"map-style\">\(options)</select></p>" : nil
    return """
      \(choice)
      <div id="map" class="map" data-style="/api/styles/\(url: dataset)?f=mapbox" data-bounds="\(edges)"></div>
      <p id="map-words" class="meta" role="status">The map needs scripts; the table below has the same.</p>
      <p class="meta">From \(Self.degrees(bounds[0], "E", "W")), \(Self.degrees(bounds[1], "N", "S")) to \
      \(Self.degrees(bounds[2], "E", "W")), \(Self.degrees(bounds[3], "N", "S")). Click a feature to see what it says. For other programs:
      <a href="/api/tiles/\(url: dataset)">TileJSON</a>, <a href="/api/styles/\(url: dataset)?f=mapbox">style JSON</a>,
      <a href="/api/styles/\(url: dataset)?f=sld">SLD</a>.</p>
      """
  }

  /// `12.5° E`.
  private static func degrees(_ value: Double, _ positive: String, _ negative: String) -> String {
    "\(Quantity.decimal(abs(value)))° \(value < 0 ? negative : positive)"
  }

  var table: HTML {
    guard case .success(let read) = read, !read.rows.isEmpty || from > 0 else { return .nothing }
    let names = read.layer.attributes.map { "<th scope=\"col\">\($0.name)</th>" as HTML }
    let rows = read.rows.map { row -> HTML in
      "<tr>\(row.map { "<td>\($0 ?? "–")</td>" as HTML })</tr>\n"
    }
    let last = from + read.rows.count
    func turn(_ words: String, _ to: Int, _ isThere: Bool) -> HTML {
      isThere ? "<a class=\"button\" href=\"?from=\(to)#features\">\(words)</a>" : "<span class=\"button off\">\(words)</span>"
    }
    let total = read.layer.rows
    return """
      <section class="card pad" id="features" aria-labelledby="features-title" hx-boost="true" hx-target="#features" hx-select="#features" \
      hx-swap="outerHTML show:none">
      <h2 id="features-title">Features</h2>
      <nav class="pager" aria-label="Pages of features">\(turn("First", 0, from > 0))\
      \(turn("Before", max(0, from - Self.listed), from > 0))
      <span>\(Quantity.text(from + 1))–\(Quantity.text(last)) of \(Quantity.text(total))</span>
      \(turn("Next", last, last < total))</nav>
      <div class="scroll tall" tabindex="0" role="region" aria-label="Table of features"><table><thead><tr>\(names)</tr></thead>
      <tbody>\(rows)</tbody></table></div>
      </section>
      """
  }
}
