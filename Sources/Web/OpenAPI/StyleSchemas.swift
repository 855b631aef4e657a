import Workflow

/// The schemas of the document that tell of styles and tiles.
enum StyleSchemas {
  static let all: [(String, JSON)] = [
    (
      "StyleDocument",
      Shape.object(
        ["version": ["type": "integer", "const": 8], "sources": Shape.object, "layers": Shape.list(Shape.object)],
        optional: ["name": Shape.string])
    ),
    (
      "Style",
      Shape.object([
        "id": Shape.string, "title": Shape.string, "datasets": Shape.list(Shape.string), "revision": Shape.count, "derived": Shape.boolean,
        "updated_at": Shape.timeOrNull,
        "links": Shape.list(Shape.object(["rel": Shape.string, "type": Shape.string, "href": Shape.string])),
      ])
    ),
    ("StyleList", Shape.object(["styles": Shape.list(Schemas.reference("Style"))])),
    (
      "TileJSON",
      Shape.object(
        [
          "tilejson": Shape.string, "tiles": Shape.list(Shape.string), "name": Shape.string, "version": Shape.string,
          "scheme": Shape.string,
          "minzoom": Shape.count, "maxzoom": Shape.count,
          "vector_layers": Shape.list(
            Shape.object([
              "id": Shape.string, "description": Shape.string, "minzoom": Shape.count, "maxzoom": Shape.count, "fields": Shape.object,
            ])),
        ],
        optional: ["description": Shape.string, "attribution": Shape.string, "bounds": Shape.list(Shape.number)])
    ),
  ]
}
