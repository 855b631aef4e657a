import Engine
import HTTPTypes
import Workflow

/// How datasets are drawn, in the shape of OGC API - Styles.
struct StyleRoutes: Sendable {
  let styles: Styles

  static let mapbox = "application/vnd.mapbox.style+json"
  private static let path = "/api/styles/{style}"
  private static let id = Parameter.path("style", .text(longest: 64), "The style's id; a dataset's default has the dataset's.")
  private static let ifMatch = Parameter.header("If-Match", .text(longest: 1_000), "The ETag that the style must still have.")

  var routes: [Route] { [list, create, get, replace, remove] }

  private var list: Route {
    .get(
      "/api/styles", id: "listStyles", "All styles by id, the defaults of datasets among them.",
      parameters: [.query("dataset", .text(longest: 64), "Those that draw this dataset.")], schema: "StyleList"
    ) { call in
      .json(["styles": .array(try styles.list(of: call.text("dataset")).map { Self.entry($0, call) })])
    }
  }

  private var create: Route {
    Route(
      .post, "/api/styles", id: "createStyle", "Make a style.", access: .operator,
      parameters: [.query("id", .text(longest: 64), "Small letters, digits and _, a letter first; required.")],
      body: "A style of MapLibre's specification, version 8; its sources are tiles of this host.", bodySchema: "StyleDocument",
      bodyType: Self.mapbox,
      successes: [
        .init(
          status: 201, summary: "The style.", schema: "Style",
          headers: [("Location", "The style's path."), ("ETag", "Changes with every change.")])
      ],
      problems: [.notJSON, .invalidStyle, .styleExists, .wrongMediaType],
      .blocking { call in
        guard let id = call.text("id"), ScheduleSettings.isName(id) else {
          throw Problem(.invalidQuery, "id: a name is needed", hint: "Small letters, digits and _, a letter first: ?id=rivers_dark")
        }
        guard try Self.form(of: call) == .json else {
          throw Problem(.wrongMediaType, "a style is made of style JSON", hint: "Make it, then PUT its SLD beside it.")
        }
        let style = try styles.create(id, try Self.document(call.body, id), by: call.actor)
        return .json(
          Self.entry(style, call), status: 201, headers: [.location: "/api/styles/\(id)", .eTag: "\"\(style.revision)\""])
      })
  }

  private var get: Route {
    Route(
      .get, Self.path, id: "getStyle", "A style, as style JSON or as SLD 1.0: as Accept asks for it.",
      parameters: [Self.id, .query("f", .choice(["mapbox", "sld"]), "The form, whatever Accept says.")],
      successes: [
        .init(
          status: 200, summary: "The style.", headers: [("ETag", "Changes with every change; each form has its own.")],
          contentType: Self.mapbox, otherTypes: [SLDText.type]),
        .init(status: 304, summary: "The caller has it.", headers: [("ETag", "As above.")]),
      ],
      problems: [.noStyle, .notAcceptable],
      .blocking { call in
        let style = try styles.style(call.path("style"))
        // MapLibre asks for application/json
        let offers = [Self.mapbox, "application/json", SLDText.type]
        let accepted = Acceptance(call.head.headerFields[values: .accept].joined(separator: ",")).choose(offers)
        guard let wanted = call.text("f").map({ $0 == "sld" ? SLDText.type : Self.mapbox }) ?? accepted else {
          throw Problem(
            .notAcceptable, "a style is to be had as \(Self.mapbox) and as \(SLDText.type)",
            hint: "Accept one of them, or say f=mapbox or f=sld.")
        }
        let isSLD = wanted == SLDText.type
        let tag = "\"\(style.revision)\(isSLD ? "-sld" : "")\""
        let headers: HTTPFields = [.eTag: tag, .vary: "Accept", .cacheControl: "private, no-cache"]
        if call.has(tag) { return Answer(status: 304, headers: headers, contentType: nil, body: []) }
        if isSLD { return Answer(headers: headers, contentType: wanted, body: Array(try style.sld().utf8)) }
        return Answer(headers: headers, contentType: Self.mapbox, body: style.document.absolute(from: call.base).bytes)
      })
  }

  private var replace: Route {
    Route(
      .put, Self.path, id: "replaceStyle", "Replace a style; with an SLD as the body, store that beside it.", access: .operator,
      parameters: [Self.id, Self.ifMatch],
      body: "A style of MapLibre's specification; or, as \(SLDText.type), its SLD.", bodySchema: "StyleDocument", bodyType: Self.mapbox,
      successes: [.init(status: 200, summary: "The style.", schema: "Style", headers: [("ETag", "Changes with every change.")])],
      problems: [.notJSON, .invalidStyle, .noStyle, .hasChanged, .wrongMediaType],
      .blocking { call in
        let id = call.path("style")
        let style =
          switch try Self.form(of: call) {
          case .json: try styles.replace(id, try Self.document(call.body, id), call.precondition, by: call.actor)
          case .sld: try styles.replace(id, sld: try Self.checked(SLDText.load(call.body), id), call.precondition, by: call.actor)
          }
        return .json(Self.entry(style, call), headers: [.eTag: "\"\(style.revision)\""])
      })
  }

  private var remove: Route {
    Route(
      .delete, Self.path, id: "removeStyle", "Remove a style; a dataset whose default it was is drawn as its geometries say.",
      access: .operator, parameters: [Self.id, Self.ifMatch], successes: [.init(status: 204, summary: "It is gone.")],
      problems: [.noStyle, .hasChanged, .styleIsDerived],
      .blocking { call in
        try styles.remove(call.path("style"), call.precondition, by: call.actor)
        return Answer(status: 204, contentType: nil, body: [])
      })
  }

  private enum Form { case json, sld }

  private static func form(of call: Call) throws -> Form {
    let type = (call.head.headerFields[.contentType] ?? mapbox).lowercased().filter { $0 != " " && $0 != "\"" }
    switch type.prefix(while: { $0 != ";" }) {
    case "application/json", "application/vnd.mapbox.style+json": return .json
    case "application/vnd.ogc.sld+xml" where !type.contains(";version=") || type.hasSuffix(";version=1.0"): return .sld
    default:
      throw Problem(
        .wrongMediaType, "a style cannot be read from \(type.prefix(100))", hint: "Send it as \(mapbox), or an SLD as \(SLDText.type).")
    }
  }

  private static func document(_ body: [UInt8], _ id: String) throws -> StyleDocument {
    try checked(StyleDocument.load(try JSONBody.object(body, matching: [:])), id)
  }

  private static func checked<T>(_ result: Result<T, StyleFaults>, _ id: String) throws -> T {
    switch result {
    case .success(let value): return value
    case .failure(let faults): throw EngineError(.invalidStyle(faults.problems), subject: id)
    }
  }

  private static func entry(_ style: Style, _ call: Call) -> JSON {
    func link(_ type: String, _ form: String) -> JSON {
      ["rel": "stylesheet", "type": .string(type), "href": .string("\(call.base)/api/styles/\(style.id)?f=\(form)")]
    }
    return [
      "id": .string(style.id), "title": .string(style.title), "datasets": .array(style.document.datasets.map(JSON.string)),
      "revision": JSON(style.revision), "derived": .bool(style.isDerived), "updated_at": style.updatedAt.map(JSON.string) ?? .null,
      "links": [link(mapbox, "mapbox"), link(SLDText.type, "sld")],
    ]
  }
}
