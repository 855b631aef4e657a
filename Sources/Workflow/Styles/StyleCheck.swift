/// Looks at a style that somebody sent, member by member.
struct StyleCheck {
  private let json: JSON
  private(set) var problems: [Problem] = []
  private var sources: [String: String] = [:]

  private static let known = [
    "version", "name", "metadata", "center", "zoom", "bearing", "pitch", "light", "transition", "sources", "layers",
  ]
  private static let layerKeys = ["id", "type", "metadata", "source", "source-layer", "minzoom", "maxzoom", "filter", "layout", "paint"]
  private static let sourceKeys = ["type", "url", "attribution", "minzoom", "maxzoom"]
  private static let (mostLayers, mostSources) = (200, 20)

  init(_ json: JSON) { self.json = json }

  /// Answers the style with paths in place of addresses.
  mutating func run() -> JSON {
    guard case .object(var style) = json else {
      add("", "A style is an object.", "Write {\"version\": 8, \"sources\": {}, \"layers\": []}.")
      return json
    }
    for key in style.keys where !Self.known.contains(key) { add(key, unknown(key), Suggestion.hint("There are", Self.known, for: key)) }
    if style["version"]?.intValue != 8 { add("version", "Must be 8.", "This is version 8 of MapLibre's style specification.") }
    if let name = style["name"], name.stringValue.map({ $0.unicodeScalars.count > 200 }) ?? true {
      add("name", "Must be a text of at most 200 characters.")
    }
    if let checked = checkSources(style["sources"]) { style["sources"] = checked }
    checkLayers(style["layers"])
    return .object(style)
  }

  private func unknown(_ key: String) -> String {
    switch key {
    case "sprite": "Pictures are not served here."
    case "glyphs": "Letters are not served here."
    default: "A style has no \"\(key.prefix(100))\"."
    }
  }

  private mutating func checkSources(_ given: JSON?) -> JSON? {
    guard let object = given?.objectValue, !object.isEmpty, object.count <= Self.mostSources else {
      add("sources", "Must be an object of 1 to \(Self.mostSources) sources.")
      return nil
    }
    var checked = JSONObject()
    for (name, source) in object.members {
      let place = "sources.\(name.prefix(100))"
      guard case .object(var source) = source else {
        add(place, "Must be an object.")
        continue
      }
      for key in source.keys where !Self.sourceKeys.contains(key) {
        add("\(place).\(key.prefix(100))", "A source has no such member here.", Suggestion.hint("There are", Self.sourceKeys, for: key))
      }
      if source["type"] != "vector" { add("\(place).type", "Must be \"vector\": only tiles of this host are drawn.") }
      if let dataset = source["url"]?.stringValue.flatMap(StyleDocument.dataset) {
        sources[name] = dataset
        source["url"] = .string(StyleDocument.tiles(of: dataset))
      } else {
        add("\(place).url", "Must be the tiles of a dataset of this host.", "Write \"/api/tiles/DATASET\".")
      }
      checked.append(name, .object(source))
    }
    return .object(checked)
  }

  private mutating func checkLayers(_ given: JSON?) {
    guard let layers = given?.arrayValue, !layers.isEmpty, layers.count <= Self.mostLayers else {
      return add("layers", "Must be an array of 1 to \(Self.mostLayers) layers.")
    }
    var seen: Set<String> = []
    for (number, layer) in layers.enumerated() {
      let place = "layers[\(number)]"
      guard let object = layer.objectValue else {
        add(place, "Must be an object.")
        continue
      }
      for key in object.keys where !Self.layerKeys.contains(key) {
        add("\(place).\(key.prefix(100))", "A layer has no such member.", Suggestion.hint("There are", Self.layerKeys, for: key))
      }
      if let id = layer["id"]?.stringValue, (1...100).contains(id.unicodeScalars.count) {
        if !seen.insert(id).inserted { add("\(place).id", "Another layer is named \"\(id)\", too.") }
      } else {
        add("\(place).id", "Must be a text of 1 to 100 characters.")
      }
      check(layer, at: place)
    }
  }

  private mutating func check(_ layer: JSON, at place: String) {
    let type = layer["type"]?.stringValue ?? ""
    guard StyleDocument.layerTypes.contains(type) else {
      let why = type == "symbol" ? "Letters and pictures are not served here." : "Is no type of layer that can be drawn here."
      return add("\(place).type", why, Suggestion.hint("There are", StyleDocument.layerTypes, for: type))
    }
    if type != "background" { checkSource(of: layer, at: place) }
    for part in ["minzoom", "maxzoom"] {
      if let zoom = layer[part], zoom.doubleValue.map({ !(0...24).contains($0) }) ?? true { add("\(place).\(part)", "Must be 0 to 24.") }
    }
    if let filter = layer["filter"], filter.arrayValue == nil, filter.boolValue == nil { add("\(place).filter", "Must be an expression.") }
    for part in ["layout", "paint"] {
      guard let given = layer[part] else { continue }
      guard let object = given.objectValue else {
        add("\(place).\(part)", "Must be an object.")
        continue
      }
      for key in object.keys where !key.hasPrefix("\(type)-") && !(part == "layout" && key == "visibility") {
        add(
          "\(place).\(part).\(key.prefix(100))", "A layer of type \(type) has no such property.", "Its properties begin with \"\(type)-\".")
      }
    }
  }

  private mutating func checkSource(of layer: JSON, at place: String) {
    guard let name = layer["source"]?.stringValue, let dataset = sources[name] else {
      let known = sources.keys.sorted()
      return add("\(place).source", "Must name one of the sources.", known.isEmpty ? nil : "There are \(known.joined(separator: ", ")).")
    }
    if layer["source-layer"]?.stringValue != dataset {
      add("\(place).source-layer", "Must be \"\(dataset)\": the tiles have a layer of the dataset's name.")
    }
  }

  private mutating func add(_ path: String, _ message: String, _ hint: String? = nil) {
    // of a hopeless one the first mistakes say enough
    guard problems.count < 50 else { return }
    problems.append(Problem(file: "body", path: path, message: message, hint: hint))
  }
}
