import Engine
import HTTPTypes
import Workflow

/// Vector tiles of datasets.
struct TileRoutes: Sendable {
  let tiles: Tiles
  let datasets: Datasets
  /// Their own, so that a map that asks for many keeps nobody else waiting.
  private let threads = BlockingThreads(limit: 3)

  init(tiles: Tiles, datasets: Datasets) {
    self.tiles = tiles
    self.datasets = datasets
  }

  static let type = "application/vnd.mapbox-vector-tile"
  /// Closer than this a map draws the tiles of this zoom larger: their units are half a metre then.
  static let mostUsefulZoom = 14
  private static let dataset = Parameter.path("dataset", .text(longest: 64), "The dataset's id.")
  private static let problems: [ProblemKind] = [
    .noDataset, .noDatasetVersion, .datasetInUse, .datasetNotDrawn, .curatedTablesAway, .databaseAway, .notStorable,
  ]
  private static let leftOut = HTTPField.Name("Weir-Features-Left-Out")

  var routes: [Route] { [describe, tile] }

  private var describe: Route {
    Route(
      .get, "/api/tiles/{dataset}", id: "getTileSet", "Where a dataset's tiles are, and what they hold, as TileJSON 3.0.",
      parameters: [Self.dataset], successes: [.init(status: 200, summary: "TileJSON.", schema: "TileJSON")], problems: Self.problems,
      .quick { call in
        try await threads.perform {
          let layer = try tiles.layer(of: call.path("dataset"))
          return .json(Self.tileJSON(layer, try datasets.dataset(layer.dataset).definition, base: call.base))
        }
      })
  }

  private var tile: Route {
    let version = Parameter.query(
      "v", .text(longest: 64), "The edition, as the TileJSON has it: while it is the current one, the tile may be kept for a day.")
    let headers = [
      ("ETag", "Of the edition and the place."),
      ("Weir-Features-Left-Out", "How many of the smallest a full tile does not hold; absent: none."),
    ]
    return Route(
      .get, "/api/tiles/{dataset}/{z}/{x}/{y}.mvt", id: "getTile", "A tile of a dataset, with one layer of the dataset's name.",
      parameters: [
        Self.dataset, .path("z", .integer(0...TileAddress.mostZoom), "The zoom."),
        .path("x", .integer(0...(1 << TileAddress.mostZoom) - 1), "The column, from the west."),
        .path("y", .integer(0...(1 << TileAddress.mostZoom) - 1), "The line, from the north."), version,
      ],
      successes: [
        .init(status: 200, summary: "The tile.", headers: headers, contentType: Self.type),
        .init(status: 204, summary: "Nothing lies there."), .init(status: 304, summary: "The caller has it."),
      ],
      problems: Self.problems + [.noTile],
      .quick { call in try await threads.perform { try answer(call) } })
  }

  private func answer(_ call: Call) throws -> Answer {
    let (z, x, y) = (call.integer("z") ?? 0, call.integer("x") ?? 0, call.integer("y") ?? 0)
    guard let address = TileAddress(z: z, x: x, y: y) else {
      throw Problem(.noTile, "at zoom \(z) there is no tile \(x)/\(y)", hint: "Columns and lines go from 0 to \((1 << z) - 1) there.")
    }
    let tile = try tiles.tile(address, of: call.path("dataset"))
    let tag = "W/\"\(tile.edition)-\(z)-\(x)-\(y)\""
    let isPinned = call.text("v") == "\(tile.edition)"
    var headers: HTTPFields = [.eTag: tag, .cacheControl: isPinned ? "private, max-age=86400, immutable" : "private, no-cache"]
    if call.has(tag) { return Answer(status: 304, headers: headers, contentType: nil, body: []) }
    if tile.bytes.isEmpty { return Answer(status: 204, headers: headers, contentType: nil, body: []) }
    if tile.leftOut > 0, let leftOut = Self.leftOut { headers[leftOut] = "\(tile.leftOut)" }
    return Answer(headers: headers, contentType: Self.type, body: tile.bytes).compressed(for: call.head, level: 4)
  }

  /// - Source: TileJSON 3.0.0. Its attribution is HTML.
  static func tileJSON(_ layer: TileLayer, _ said: DatasetDefinition, base: String) -> JSON {
    let path = "\(base)\(StyleDocument.tiles(of: layer.dataset))/{z}/{x}/{y}.mvt?v=\(layer.edition)"
    let fields = layer.attributes.map { (key: $0.name, value: JSON.string($0.kind.rawValue)) }
    let content: JSON = [
      "id": .string(layer.dataset), "description": .string(said.description ?? said.name), "minzoom": 0, "maxzoom": JSON(mostUsefulZoom),
      "fields": .object(JSONObject(fields)),
    ]
    var object: JSONObject = [
      "tilejson": "3.0.0", "tiles": .array([.string(path)]), "name": .string(said.name), "version": .string("\(layer.edition.version).0.0"),
      "scheme": "xyz", "minzoom": 0, "maxzoom": JSON(mostUsefulZoom), "vector_layers": .array([content]),
    ]
    if let description = said.description { object.append("description", .string(description)) }
    if let attribution = said.attribution { object.append("attribution", .string(HTML.escaped(attribution))) }
    if let bounds = layer.bounds {
      let edges = [-180, -TileAddress.mostLatitude, 180, TileAddress.mostLatitude]
      object.append(
        "bounds", .array(bounds.enumerated().map { place, edge in JSON(place < 2 ? max(edge, edges[place]) : min(edge, edges[place])) }))
    }
    return .object(object)
  }
}
