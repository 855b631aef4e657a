/// Writes a style as OGC's Styled Layer Descriptor 1.0, for programs that read no other.
///
/// What SLD can say is written: areas, lines and points of constant colours and widths, filters that compare attributes, ranges of scales. A
/// filter by the kind of geometry is left out, since a symbolizer draws what fits it.
/// - Source: OGC 02-070, Styled Layer Descriptor Implementation Specification 1.0.0.
struct SLDWriter {
  private let style: JSON
  private let title: String
  /// The scale of zoom 0, with pixels of 0.28 mm.
  private static let scale = 559_082_264.0287178

  /// Why a style cannot be said in SLD.
  struct Gap: Error { var why: String }

  init(_ style: JSON, title: String) {
    self.style = style
    self.title = title
  }

  func text() throws(Gap) -> String {
    var rules: [(dataset: String, rule: String)] = []
    for layer in style["layers"]?.arrayValue ?? [] {
      guard let type = layer["type"]?.stringValue, type != "background", layer["layout"]?["visibility"] != "none" else { continue }
      rules.append((layer["source-layer"]?.stringValue ?? "", try rule(layer, type)))
    }
    var layers = ""
    var written: [String] = []
    for dataset in rules.map(\.dataset) where !written.contains(dataset) {
      written.append(dataset)
      let types = rules.filter { $0.dataset == dataset }.map { "<FeatureTypeStyle>\($0.rule)</FeatureTypeStyle>\n" }.joined()
      layers +=
        "<NamedLayer><Name>\(Self.escaped(dataset))</Name>\n<UserStyle><Title>\(Self.escaped(title))</Title>\n\(types)</UserStyle></NamedLayer>\n"
    }
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc" \
      xmlns:xlink="http://www.w3.org/1999/xlink">
      \(layers)</StyledLayerDescriptor>

      """
  }

  private func rule(_ layer: JSON, _ type: String) throws(Gap) -> String {
    let id = layer["id"]?.stringValue ?? ""
    let paint = Paint(layer: id, values: layer["paint"] ?? .object(JSONObject()))
    var rule = "<Rule><Name>\(Self.escaped(id))</Name>"
    if let filter = layer["filter"] { rule += try SLDFilter(layer: id).element(filter).map { "<ogc:Filter>\($0)</ogc:Filter>" } ?? "" }
    if let most = layer["maxzoom"]?.doubleValue { rule += "<MinScaleDenominator>\(Self.scale(at: most))</MinScaleDenominator>" }
    if let least = layer["minzoom"]?.doubleValue { rule += "<MaxScaleDenominator>\(Self.scale(at: least))</MaxScaleDenominator>" }
    switch type {
    case "fill": rule += try polygon(paint)
    case "line": rule += "<LineSymbolizer>\(try stroke(paint))</LineSymbolizer>"
    case "circle": rule += try point(paint)
    default: throw Gap(why: "layer \"\(id)\" is of type \(type), which SLD does not have")
    }
    return rule + "</Rule>"
  }

  private static func scale(at zoom: Double) -> String {
    var scale = Self.scale
    for _ in 0..<Int(zoom) { scale /= 2 }
    // between two whole zooms, near enough for a map
    return "\(Int((scale / (1 + (zoom - zoom.rounded(.down)))).rounded()))"
  }

  private func polygon(_ paint: Paint) throws(Gap) -> String {
    let fill = try fill(paint, "fill-color", "fill-opacity")
    guard let edge = try paint.color("fill-outline-color", fallback: nil) else { return "<PolygonSymbolizer>\(fill)</PolygonSymbolizer>" }
    return
      "<PolygonSymbolizer>\(fill)<Stroke>\(Self.parameter("stroke", edge.hex))\(Self.parameter("stroke-width", 1))</Stroke></PolygonSymbolizer>"
  }

  private func fill(_ paint: Paint, _ color: String, _ opacity: String) throws(Gap) -> String {
    let given = try paint.color(color, fallback: StyleColor("#000000"))
    let share = try paint.number(opacity, fallback: 1) * (given?.opacity ?? 1)
    return "<Fill>\(Self.parameter("fill", given?.hex ?? "#000000"))\(Self.parameter("fill-opacity", share))</Fill>"
  }

  private func stroke(_ paint: Paint) throws(Gap) -> String {
    let color = try paint.color("line-color", fallback: StyleColor("#000000"))
    let width = try paint.number("line-width", fallback: 1)
    var stroke = Self.parameter("stroke", color?.hex ?? "#000000") + Self.parameter("stroke-width", width)
    stroke += Self.parameter("stroke-opacity", try paint.number("line-opacity", fallback: 1) * (color?.opacity ?? 1))
    if let dashes = try paint.numbers("line-dasharray") {
      stroke += Self.parameter("stroke-dasharray", dashes.map { Self.text($0 * width) }.joined(separator: " "))
    }
    return "<Stroke>\(stroke)</Stroke>"
  }

  private func point(_ paint: Paint) throws(Gap) -> String {
    var mark = "<Mark><WellKnownName>circle</WellKnownName>\(try fill(paint, "circle-color", "circle-opacity"))"
    let width = try paint.number("circle-stroke-width", fallback: 0)
    if width > 0, let color = try paint.color("circle-stroke-color", fallback: StyleColor("#000000")) {
      mark += "<Stroke>\(Self.parameter("stroke", color.hex))\(Self.parameter("stroke-width", width))</Stroke>"
    }
    let size = try paint.number("circle-radius", fallback: 5) * 2
    return "<PointSymbolizer><Graphic>\(mark)</Mark><Size>\(Self.text(size))</Size></Graphic></PointSymbolizer>"
  }

  private static func parameter(_ name: String, _ value: String) -> String { "<CssParameter name=\"\(name)\">\(value)</CssParameter>" }
  private static func parameter(_ name: String, _ value: Double) -> String { parameter(name, text(value)) }

  private static func text(_ number: Double) -> String {
    let thousandths = (number * 1_000).rounded() / 1_000
    return thousandths == thousandths.rounded() && abs(thousandths) < 1e9 ? "\(Int(thousandths))" : "\(thousandths)"
  }

  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      // XML 1.0 has no other control characters, not even as references
      case _ where scalar.value < 0x20 && ![9, 10, 13].contains(scalar.value): escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// The properties of a layer, which must not depend on anything.
  private struct Paint {
    var layer: String
    var values: JSON

    func number(_ name: String, fallback: Double) throws(Gap) -> Double {
      guard let value = values[name] else { return fallback }
      guard let number = value.doubleValue, number.isFinite, abs(number) < 1e6 else { throw gap(name) }
      return number
    }

    func numbers(_ name: String) throws(Gap) -> [Double]? {
      guard let value = values[name] else { return nil }
      let numbers = (value.arrayValue ?? []).compactMap(\.doubleValue).filter { $0.isFinite && abs($0) < 1e6 }
      guard !numbers.isEmpty, numbers.count == value.arrayValue?.count else { throw gap(name) }
      return numbers
    }

    func color(_ name: String, fallback: StyleColor?) throws(Gap) -> StyleColor? {
      guard let value = values[name] else { return fallback }
      guard let color = value.stringValue.flatMap(StyleColor.init) else { throw gap(name) }
      return color
    }

    private func gap(_ name: String) -> Gap {
      Gap(why: "\(name) of layer \"\(layer)\" depends on what is drawn, or is written in a way of its own")
    }
  }
}

extension StyleDocument {
  /// The style as SLD 1.0.
  /// - Returns: or why SLD cannot say it.
  public func sld(title: String) -> Result<String, StyleFaults> {
    do throws(SLDWriter.Gap) {
      return .success(try SLDWriter(json, title: title).text())
    } catch {
      return .failure(StyleFaults(error.why, hint: "Store an SLD beside it: PUT it with Content-Type \(SLDText.type)."))
    }
  }
}
