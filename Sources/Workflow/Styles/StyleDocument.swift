/// How datasets are drawn, as MapLibre's style specification says it (version 8), as far as this host serves what it needs.
///
/// Its sources are vector tiles of this host and nothing else: a style that draws from elsewhere would tell others who looks at what.
public struct StyleDocument: Sendable, Hashable {
  /// The URLs of its sources are paths.
  public let json: JSON
  /// What its sources draw, in their order.
  public let datasets: [String]

  /// The path of a dataset's tiles.
  public static func tiles(of dataset: String) -> String { "/api/tiles/\(dataset)" }

  public static let layerTypes = ["background", "fill", "line", "circle", "fill-extrusion", "heatmap"]

  /// How a dataset is drawn of which nobody has said how: by what its geometries are.
  public init(drawing dataset: String, name: String, geometry: DatasetSource.Geometry) {
    let kinds: [(String, String, JSON)] = [
      ("areas", "Polygon", ["fill-color": "#3b82c4", "fill-opacity": 0.35]),
      ("outlines", "Polygon", ["line-color": "#3b82c4", "line-width": 1]),
      ("lines", "LineString", ["line-color": "#3b82c4", "line-width": 2]),
      (
        "points", "Point",
        ["circle-color": "#3b82c4", "circle-radius": 4, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1]
      ),
    ]
    let wanted: String? =
      switch geometry {
      case .point, .multipoint: "Point"
      case .multilinestring: "LineString"
      case .multipolygon: "Polygon"
      case .any: nil
      }
    let layers = kinds.filter { wanted == nil || $0.1 == wanted }.map { id, kind, paint -> JSON in
      let type = id == "areas" ? "fill" : id == "points" ? "circle" : "line"
      return [
        "id": .string(id), "type": .string(type), "source": .string(dataset), "source-layer": .string(dataset),
        "filter": ["==", ["geometry-type"], .string(kind)], "paint": paint,
      ]
    }
    let source: JSON = ["type": "vector", "url": .string(Self.tiles(of: dataset))]
    json = [
      "version": 8, "name": .string(name), "sources": .object(JSONObject([(key: dataset, value: source)])), "layers": .array(layers),
    ]
    datasets = [dataset]
  }

  /// As it was stored, after it had been checked.
  public init(stored json: JSON) {
    self.json = json
    datasets = (json["sources"]?.objectValue?.members ?? []).compactMap { $0.value["url"]?.stringValue.flatMap(Self.dataset) }
  }

  /// Checks what somebody sent; every problem is named.
  public static func load(_ json: JSON) -> Result<StyleDocument, StyleFaults> {
    var check = StyleCheck(json)
    let checked = check.run()
    return check.problems.isEmpty ? .success(StyleDocument(stored: checked)) : .failure(StyleFaults(problems: check.problems))
  }

  /// The dataset of a URL of tiles; nil when it is none of this host's.
  static func dataset(of url: String) -> String? {
    var path = url[...]
    if let scheme = ["http://", "https://"].first(where: { url.hasPrefix($0) }) {
      path = url.dropFirst(scheme.count).drop { $0 != "/" }
    }
    guard path.hasPrefix("/api/tiles/") else { return nil }
    let id = String(path.dropFirst("/api/tiles/".count))
    return NameSyntax.isName(id) ? id : nil
  }

  /// With the addresses of its tiles in full, as clients elsewhere need them.
  /// - Parameter base: such as `https://weir.example.org`.
  public func absolute(from base: String) -> JSON {
    guard case .object(var object) = json, let sources = object["sources"]?.objectValue else { return json }
    object["sources"] = .object(
      JSONObject(
        sources.members.map { name, source in
          guard case .object(var source) = source, let url = source["url"]?.stringValue else { return (name, source) }
          source["url"] = .string(base + url)
          return (name, .object(source))
        }))
    return .object(object)
  }
}

/// Everything that is wrong with a style.
public struct StyleFaults: Error, Sendable, Hashable {
  public let problems: [Problem]

  init(problems: [Problem]) { self.problems = problems }

  init(_ message: String, hint: String? = nil) {
    problems = [Problem(file: "body", message: message, hint: hint)]
  }
}
