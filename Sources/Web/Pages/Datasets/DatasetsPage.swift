import Engine
import Workflow

/// The curated datasets: how old each is against how often it should be renewed.
struct DatasetsPage: Sendable {
  var datasets: [Dataset]
  var isCut: Bool
  var now: String

  static let most = 500

  func page(for visitor: Visitor) -> HTML {
    let content: HTML = """
      <div class="head"><h1>Datasets</h1></div>
      <section class="card pad" aria-label="Datasets"><div sse-swap="datasets" hx-swap="morph:innerHTML" id="datasets">\(table)</div></section>
      """
    return PageShell(title: "Datasets", place: .datasets, visitor: visitor, events: "/api/interface/events/datasets", content: content).html
  }

  var table: HTML {
    guard !datasets.isEmpty else {
      return EmptyPart(
        icon: .map, title: "No dataset is registered.",
        text: "Put manifests into <code>manifests/datasets</code>, or make one: <code>weir datasets create FILE</code>."
      ).html
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Table of datasets"><table>
      <thead><tr><th scope="col">Dataset</th><th scope="col">State</th><th scope="col">Version</th><th scope="col" class="n">Rows</th>\
      <th scope="col">Updated</th><th scope="col">Source looked at</th><th scope="col">Cadence</th><th scope="col">Next update</th></tr></thead>
      <tbody>\(datasets.map(row))</tbody></table></div>
      \(isCut ? "<p class=\"meta\">There are more than \(Self.most). <code>weir datasets list</code> lists them all.</p>" as HTML : nil)
      """
  }

  private func row(_ dataset: Dataset) -> HTML {
    let (said, cadence) = (dataset.definition, DatasetCadence(dataset, now: now))
    return """
      <tr><th scope="row"><a href="/api/interface/datasets/\(url: said.id)">\(said.name)</a> <span class="meta">\(said.id)</span></th>
      <td>\(StateBadge(cadence.state).html)</td>
      <td>\(dataset.currentVersion.map { "\($0)" } ?? "–")\(dataset.sourceVersion.map { " <span class=\"meta\">\(String($0.prefix(40)))</span>" as HTML })</td>
      <td class="n">\(dataset.rowCount.map { Quantity.text($0) } ?? "–")</td>
      <td class="t">\(Self.age(dataset.lastUpdatedAt, now))</td><td class="t">\(Self.age(dataset.lastCheckedAt, now))</td>
      <td class="t">\(cadence.interval.map { "every \(Quantity.duration(Double($0)))" } ?? "–")</td>
      <td class="t">\(cadence.nextAt.map { HTML.time(RFC3339.text(of: $0), now: now) } ?? "–")</td></tr>

      """
  }

  /// `3 d 4 h ago`.
  static func age(_ time: String?, _ now: String) -> HTML {
    guard let time, let seconds = Quantity.seconds(from: time, to: now) else { return "never" }
    return "<time datetime=\"\(time)\" title=\"\(time)\">\(Quantity.age(seconds)) ago</time>"
  }
}

extension DatasetCadence {
  /// - Parameter now: of the database, as RFC 3339.
  init(_ dataset: Dataset, now: String) { self.init(dataset.cadence, now: RFC3339.seconds(of: now).map { Int64($0) } ?? 0) }
}
