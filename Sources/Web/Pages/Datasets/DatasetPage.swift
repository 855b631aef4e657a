import Engine
import Workflow

/// A dataset in full: how it stands, what it shows on a map, its versions and what became of its updates.
struct DatasetPage: Sendable {
  var dataset: Dataset
  /// Or why they cannot be told.
  var versions: Result<[JSON], EngineError>
  var updates: [JSON]
  var now: String

  static let updates = 20

  private var said: DatasetDefinition { dataset.definition }

  /// The parts by the name of their event.
  var parts: [(name: String, html: HTML)] {
    [("head", head), ("acts", DatasetActs(dataset: dataset).buttons), ("versions", shownVersions), ("updates", shownUpdates)]
  }

  func page(for visitor: Visitor, map: HTML, features: HTML, done: DatasetActs.Act?) -> HTML {
    let parts = Dictionary(uniqueKeysWithValues: parts.map { ($0.name, $0.html) })
    func live(_ name: String) -> HTML { "<div sse-swap=\"\(name)\" hx-swap=\"morph:innerHTML\" id=\"\(name)\">\(parts[name])</div>" }
    func section(_ name: String, _ title: String, _ content: HTML) -> HTML {
      "<section class=\"card pad\" aria-labelledby=\"\(name)-title\"><h2 id=\"\(name)-title\">\(title)</h2>\(content)</section>\n"
    }
    let known = (try? versions.get()) ?? []  // what cannot be told is said in its section
    let acts: HTML = visitor.mayOperate ? "\(live("acts"))\(DatasetActs(dataset: dataset).dialogs(versions: known))" : .nothing
    let content: HTML = """
      <p class="crumbs"><a href="\(PageShell.Place.datasets.rawValue)">Datasets</a> / \(said.id)</p>
      \(done.map { "<p class=\"banner good\" role=\"status\">\(Icon.check.html)\($0.done)</p>" as HTML })
      \(live("head"))
      \(acts)
      \(section("map", "On the map", map))\(features)
      \(section("versions", "Versions", live("versions")))\(section("updates", "Updates, the latest first", live("updates")))
      """
    return PageShell(
      title: "\(said.name), dataset", place: .datasets, visitor: visitor, events: "/api/interface/events/datasets/\(said.id)",
      files: ["maplibre-gl.css", "map.css", "maplibre-gl.js", "map.js"], content: content
    ).html
  }

  private var head: HTML {
    let cadence = DatasetCadence(dataset, now: now)
    func fact(_ name: String, _ value: HTML?) -> HTML? { value.map { "<div><dt>\(name)</dt><dd>\($0)</dd></div>\n" } }
    let facts: [HTML?] = [
      fact("Version", dataset.currentVersion.map { "\($0)\(dataset.sourceVersion.map { ", of the source \($0)" } ?? "")" }),
      fact("Rows", dataset.rowCount.map { "\(Quantity.text($0))" }),
      fact("Updated", DatasetsPage.age(dataset.lastUpdatedAt, now)), fact("Source looked at", DatasetsPage.age(dataset.lastCheckedAt, now)),
      fact("Cadence", "\(cadence.interval.map { "every \(Quantity.duration(Double($0)))" } ?? "only when asked")"),
      fact("Next update", cadence.nextAt.map { HTML.time(RFC3339.text(of: $0), now: now) }),
      fact("Table", "<code>\(said.targetSchema).\(said.targetTable)</code>"),
      fact("Source", said.sourceURL.map { "<code>\(Redaction.byForm.text($0))</code>" }),
      fact("Licence", said.license.map { "\($0)" }), fact("Attribution", said.attribution.map { "\($0)" }),
      fact("Said by", dataset.origin == "manifest" ? "its manifest" : "an operator"),
    ]
    return """
      <div class="card pad">
      <div class="line"><h1>\(said.name)</h1>\(StateBadge(cadence.state).html)\
      \(dataset.runningJobID.map { "<a href=\"/api/interface/jobs/\($0)\">job \($0) updates it</a>" as HTML })</div>
      \(said.description.map { "<p class=\"about\">\($0)</p>" as HTML })
      <dl class="facts">\(facts.compactMap(\.self))</dl>
      </div>
      """
  }

  private var shownVersions: HTML {
    let known: [JSON]
    switch versions {
    case .success(let found): known = found
    case .failure(let error): return Self.trouble(error)
    }
    guard !known.isEmpty else {
      return EmptyPart(icon: .circle, title: "There is no version yet.", text: "The first update makes one.").html
    }
    let rows = known.map { version -> HTML in
      let isCurrent = version["state"]?.stringValue == "current"
      return """
        <tr><th scope="row">\(version["version"]?.intValue ?? 0)</th>
        <td>\(isCurrent ? StateBadge.isSeen.html : "kept")</td>
        <td>\(version["source_version"]?.stringValue ?? "–")</td><td class="n">\(Self.count(version["row_count"]))</td>
        <td class="n">\(Self.count(version["records_added"], sign: "+"))</td><td class="n">\(Self.count(version["records_updated"]))</td>
        <td class="n">\(Self.count(version["records_deleted"], sign: "−"))</td>
        <td class="n">\(version["bytes"]?.doubleValue.map(Quantity.bytes) ?? "–")</td>
        <td class="t">\(version["loaded_at"]?.stringValue.map { HTML.time($0, now: now) } ?? "–")</td></tr>

        """
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Table of versions"><table>
      <thead><tr><th scope="col">Version</th><th scope="col">State</th><th scope="col">Of the source</th><th scope="col" class="n">Rows</th>\
      <th scope="col" class="n">Added</th><th scope="col" class="n">Changed</th><th scope="col" class="n">Deleted</th>\
      <th scope="col" class="n">Size</th><th scope="col">Loaded</th></tr></thead><tbody>\(rows)</tbody></table></div>
      """
  }

  private var shownUpdates: HTML {
    guard !updates.isEmpty else { return EmptyPart(icon: .clock, title: "It was never updated.", text: "").html }
    let rows = updates.map { update -> HTML in
      let job = update["job_id"]?.stringValue
      let kind = [
        update["update_type"]?.stringValue, update["dry_run"]?.boolValue == true ? "dry run" : nil,
        update["force_update"]?.boolValue == true ? "forced" : nil,
      ].compactMap(\.self).joined(separator: ", ")
      let error = update["error_message"]?.stringValue.map {
        "<p class=\"trouble\">\(Redaction.byForm.text(String($0.prefix(300))))</p>" as HTML
      }
      return """
        <tr><th scope="row">\(update["started_at"]?.stringValue.map { HTML.time($0, now: now) } ?? "–")</th>
        <td>\(StateBadge(update: update["status"]?.stringValue ?? "").html)</td><td>\(kind)</td>
        <td>\(update["started_by"]?.stringValue ?? "")</td>
        <td>\(job.map { "<a href=\"/api/interface/jobs/\($0)\">job \($0)</a>" as HTML } ?? "–")</td>
        <td class="n">\(Self.count(update["version"]))</td><td class="n">\(Self.count(update["records_total"]))</td>
        <td class="wide">\(Self.delta(update))\(error)</td>
        <td class="n">\(update["duration_seconds"]?.doubleValue.map(Quantity.duration) ?? "–")</td></tr>

        """
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Table of updates"><table>
      <thead><tr><th scope="col">Begun</th><th scope="col">State</th><th scope="col">Kind</th><th scope="col">By</th><th scope="col">Job</th>\
      <th scope="col" class="n">Version</th><th scope="col" class="n">Rows</th><th scope="col" class="wide">Changes</th>\
      <th scope="col" class="n">Took</th></tr></thead><tbody>\(rows)</tbody></table></div>
      """
  }

  private static func delta(_ update: JSON) -> String {
    let parts = [("records_added", "added"), ("records_updated", "changed"), ("records_deleted", "deleted")]
    let known = parts.compactMap { key, word in update[key]?.intValue.map { "\(Quantity.text($0)) \(word)" } }
    return known.isEmpty ? "–" : known.joined(separator: ", ")
  }

  private static func count(_ value: JSON?, sign: String = "") -> String {
    value?.intValue.map { $0 > 0 ? "\(sign)\(Quantity.text($0))" : Quantity.text($0) } ?? "–"
  }

  /// What stands where something of the dataset cannot be shown.
  static func trouble(_ error: EngineError) -> HTML {
    EmptyPart(
      icon: .warning, title: error.message.prefix(1).uppercased() + error.message.dropFirst() + ".", text: "\(error.hint ?? "")"
    ).html
  }
}
