import Testing
import Workflow

@Suite struct `A style` {
  static func load(_ text: String) throws -> Result<StyleDocument, StyleFaults> { StyleDocument.load(try JSON(parsing: text)) }

  static func style(_ layers: String, sources: String = #""a": {"type": "vector", "url": "/api/tiles/rivers"}"#, more: String = "")
    -> String
  {
    #"{"version": 8, \#(more) "sources": {\#(sources)}, "layers": [\#(layers)]}"#
  }

  static let line =
    #"{"id": "l", "type": "line", "source": "a", "source-layer": "rivers", "paint": {"line-color": "red", "line-width": 2}}"#

  @Test(arguments: [
    (DatasetSource.Geometry.point, ["circle"]), (.multipoint, ["circle"]), (.multilinestring, ["line"]), (.multipolygon, ["fill", "line"]),
    (.any, ["fill", "line", "line", "circle"]),
  ]) func `that follows from a dataset's geometries keeps its own rules, and can be said in SLD`(
    geometry: DatasetSource.Geometry, types: [String]
  ) throws {
    let style = StyleDocument(drawing: "rivers", name: "Rivers & more", geometry: geometry)
    #expect(try StyleDocument.load(style.json).get() == style)
    #expect(style.datasets == ["rivers"])
    let sld = try style.sld(title: "Rivers & more").get()
    #expect(try SLDText.load(Array(sld.utf8)).get().text == sld)
    #expect(sld.contains("<Title>Rivers &amp; more</Title>"))
    #expect(style.json["layers"]?.arrayValue?.compactMap { $0["type"]?.stringValue } == types)
  }

  @Test func `keeps the paths of its tiles, and tells others the whole address`() throws {
    let sources = #""a": {"type": "vector", "url": "https://old.example.org:8443/api/tiles/rivers"}"#
    let style = try Self.load(Self.style(Self.line, sources: sources)).get()
    #expect(style.json["sources"]?["a"]?["url"] == "/api/tiles/rivers")
    #expect(style.absolute(from: "http://h:1")["sources"]?["a"]?["url"] == "http://h:1/api/tiles/rivers")
  }

  @Test(arguments: [
    ("[]", "", "A style is an object."),
    (
      #"{"version": 7, "sources": {"a": {"type": "vector", "url": "/api/tiles/b"}}, "layers": [{"id": "x", "type": "background"}]}"#,
      "version", "Must be 8."
    ),
    (style(line, more: #""sprite": "https://elsewhere.example/s","#), "sprite", "Pictures are not served here."),
    (style(line, more: #""glyphs": "https://elsewhere.example/{range}","#), "glyphs", "Letters are not served here."),
    (
      style(line, sources: #""a": {"type": "raster", "url": "/api/tiles/rivers"}"#), "sources.a.type",
      "Must be \"vector\": only tiles of this host are drawn."
    ),
    (
      style(line, sources: #""a": {"type": "vector", "url": "https://elsewhere.example/tiles"}"#), "sources.a.url",
      "Must be the tiles of a dataset of this host."
    ),
    (
      style(line, sources: #""a": {"type": "vector", "tiles": ["https://elsewhere.example/{z}"], "url": "/api/tiles/rivers"}"#),
      "sources.a.tiles", "A source has no such member here."
    ),
    (
      style(#"{"id": "l", "type": "symbol", "source": "a", "source-layer": "rivers"}"#), "layers[0].type",
      "Letters and pictures are not served here."
    ),
    (
      style(#"{"id": "l", "type": "lines", "source": "a", "source-layer": "rivers"}"#), "layers[0].type",
      "Is no type of layer that can be drawn here."
    ),
    (style(#"{"id": "l", "type": "line", "source": "b", "source-layer": "rivers"}"#), "layers[0].source", "Must name one of the sources."),
    (
      style(#"{"id": "l", "type": "line", "source": "a", "source-layer": "lakes"}"#), "layers[0].source-layer",
      "Must be \"rivers\": the tiles have a layer of the dataset's name."
    ),
    (style(line + "," + line), "layers[1].id", "Another layer is named \"l\", too."),
    (
      style(#"{"id": "l", "type": "line", "source": "a", "source-layer": "rivers", "paint": {"fill-color": "red"}}"#),
      "layers[0].paint.fill-color", "A layer of type line has no such property."
    ),
    (
      style(#"{"id": "l", "type": "line", "source": "a", "source-layer": "rivers", "minzoom": 25}"#), "layers[0].minzoom",
      "Must be 0 to 24."
    ),
    (style(""), "layers", "Must be an array of 1 to 200 layers."),
  ]) func `is refused with every mistake`(text: String, path: String, message: String) throws {
    guard case .failure(let faults) = try Self.load(text) else {
      Issue.record("it was taken: \(text)")
      return
    }
    #expect(faults.problems.contains { $0.path == path && $0.message == message }, "\(faults.problems)")
  }

  @Test func `of comparisons, dashes and scales is said in SLD as it is`() throws {
    let layer = #"""
      {"id": "big", "type": "line", "source": "a", "source-layer": "rivers", "minzoom": 2, "maxzoom": 6,
       "filter": ["all", ["==", ["geometry-type"], "LineString"], [">=", ["get", "a<b"], 5], ["!", ["==", ["get", "name"], "x & y"]]],
       "paint": {"line-color": "rgba(255, 0, 10, 0.5)", "line-width": 2, "line-dasharray": [2, 1]}}
      """#
    let sld = try Self.load(Self.style(layer)).get().sld(title: "T").get()
    #expect(
      sld == """
        <?xml version="1.0" encoding="UTF-8"?>
        <StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc" \
        xmlns:xlink="http://www.w3.org/1999/xlink">
        <NamedLayer><Name>rivers</Name>
        <UserStyle><Title>T</Title>
        <FeatureTypeStyle><Rule><Name>big</Name><ogc:Filter><ogc:And><ogc:PropertyIsGreaterThanOrEqualTo>\
        <ogc:PropertyName>a&lt;b</ogc:PropertyName><ogc:Literal>5</ogc:Literal></ogc:PropertyIsGreaterThanOrEqualTo>\
        <ogc:Not><ogc:PropertyIsEqualTo><ogc:PropertyName>name</ogc:PropertyName><ogc:Literal>x &amp; y</ogc:Literal>\
        </ogc:PropertyIsEqualTo></ogc:Not></ogc:And></ogc:Filter><MinScaleDenominator>8735660</MinScaleDenominator>\
        <MaxScaleDenominator>139770566</MaxScaleDenominator><LineSymbolizer><Stroke><CssParameter name="stroke">#ff000a</CssParameter>\
        <CssParameter name="stroke-width">2</CssParameter><CssParameter name="stroke-opacity">0.5</CssParameter>\
        <CssParameter name="stroke-dasharray">4 2</CssParameter></Stroke></LineSymbolizer></Rule></FeatureTypeStyle>
        </UserStyle></NamedLayer>
        </StyledLayerDescriptor>

        """)
  }

  @Test(arguments: [
    (#""type": "heatmap""#, #"layer "l" is of type heatmap, which SLD does not have"#),
    (
      #""type": "line", "paint": {"line-width": ["get", "w"]}"#,
      #"line-width of layer "l" depends on what is drawn, or is written in a way of its own"#
    ),
    (#""type": "line", "filter": ["has", "w"]"#, #"the filter of layer "l" is more than a comparison of attributes"#),
  ]) func `that says more than SLD can says so`(members: String, why: String) throws {
    let style = try Self.load(Self.style(#"{"id": "l", "source": "a", "source-layer": "rivers", \#(members)}"#)).get()
    guard case .failure(let faults) = style.sld(title: "T") else {
      Issue.record("it was written")
      return
    }
    #expect(faults.problems.map(\.message) == [why])
  }
}
