import Engine
import TestSupport
import Testing
import Workflow

@testable import Web

@Suite struct `Styles over HTTP` {
  private static let dark = """
    {"version": 8, "name": "Lands at night", "sources": {"s": {"type": "vector", "url": "/api/tiles/lands"}},
     "layers": [{"id": "l", "type": "line", "source": "s", "source-layer": "lands", "paint": {"line-color": "#ffffff", "line-width": ["get", "id"]}}]}
    """
  private static let plain = dark.replacing("[\"get\", \"id\"]", with: "2")
  private static let sld = """
    <StyledLayerDescriptor version="1.0.0"><NamedLayer><Name>lands</Name></NamedLayer></StyledLayerDescriptor>
    """

  @Test func `a dataset has one once it has a version, that follows from its geometries`() async throws {
    try await TestServer.withMaps { server, _ in
      let list = try await server.get("/api/styles").json["styles"]?.arrayValue ?? []
      #expect(list.map { $0["id"] } == ["lands", "lists", "places", "ways"])
      #expect(list[0]["derived"] == true && list[0]["title"] == "Lands" && list[0]["datasets"] == ["lands"])
      #expect(list[0]["links"]?[1]?["href"]?.stringValue == "http://127.0.0.1:\(server.port)/api/styles/lands?f=sld")
      let style = try await server.get("/api/styles/lands")
      #expect(style.headers["content-type"] == "application/vnd.mapbox.style+json" && style.headers["etag"] == "\"0\"")
      #expect(style.json["sources"]?["lands"]?["url"]?.stringValue == "http://127.0.0.1:\(server.port)/api/tiles/lands")
      #expect(try await server.get("/api/styles/plans").status == 404)
      let removed = try await server.send("DELETE", "/api/styles/lands")
      #expect(
        removed.status == 409 && removed.json["detail"] == "style \"lands\" follows from the dataset's geometries: it was never stored")
    }
  }

  /// What is accepted, and what comes.
  private static let forms = [
    ("", 200, "application/vnd.mapbox.style+json"), ("*/*", 200, "application/vnd.mapbox.style+json"),
    ("application/json", 200, "application/vnd.mapbox.style+json"), ("application/vnd.ogc.sld+xml", 200, SLDText.type),
    ("application/vnd.ogc.sld+xml; version=1.0", 200, SLDText.type),
    ("application/vnd.ogc.sld+xml;version=1.1", 406, "application/problem+json"),
    ("text/html", 406, "application/problem+json"),
    ("application/vnd.mapbox.style+json;q=0.3, application/vnd.ogc.sld+xml", 200, SLDText.type),
    ("*/*;q=0", 406, "application/problem+json"), ("text/html, application/*;q=0.1", 200, "application/vnd.mapbox.style+json"),
  ]

  @Test func `come in the form that is asked for`() async throws {
    try await TestServer.withMaps { server, _ in
      for (accept, status, type) in Self.forms {
        let answer = try await server.get("/api/styles/lands", headers: accept.isEmpty ? [:] : ["Accept": accept])
        #expect(answer.status == status && answer.headers["content-type"] == type, "\(accept): \(answer.headers) \(answer.text)")
        if status == 200 { #expect(answer.headers["vary"] == "Accept") }
        if type == SLDText.type { #expect(answer.text.contains("<PolygonSymbolizer>") && answer.headers["etag"] == "\"0-sld\"") }
      }
    }
  }

  @Test func `are made, replaced and removed, by ETag, and the audit has it`() async throws {
    try await TestServer.withMaps { server, _ in
      let made = try await server.post("/api/styles?id=night", Self.dark)
      #expect(made.status == 201 && made.headers["location"] == "/api/styles/night", "\(made.text)")
      let tag = try #require(made.headers["etag"])
      #expect(try await server.post("/api/styles?id=night", Self.dark).status == 409)
      let sld = try await server.get("/api/styles/night?f=sld")
      #expect(sld.status == 406, "\(sld.text)")
      #expect(
        sld.json["detail"]
          == "style \"night\" cannot be said in SLD: line-width of layer \"l\" depends on what is drawn, or is written in a way of its own")
      let stale = try await server.send("PUT", "/api/styles/night", body: Array(Self.plain.utf8), headers: ["If-Match": "\"0\""])
      #expect(stale.status == 412)
      let stored = try await server.send(
        "PUT", "/api/styles/night", body: Array(Self.sld.utf8), headers: ["If-Match": tag, "Content-Type": SLDText.type])
      #expect(stored.status == 200 && stored.headers["etag"] != tag, "\(stored.text)")
      #expect(try await server.get("/api/styles/night?f=sld").text == Self.sld)
      // an SLD says what the style was
      #expect(try await server.send("PUT", "/api/styles/night", body: Array(Self.plain.utf8)).status == 200)
      #expect(try await server.get("/api/styles/night?f=sld").text.contains("stroke-width"))
      let seen = try await server.get("/api/styles/night")
      #expect(try await server.get("/api/styles/night", headers: ["If-None-Match": seen.headers["etag"] ?? ""]).status == 304)
      #expect(try await server.get("/api/styles?dataset=lands").json["styles"]?.arrayValue?.map { $0["id"] } == ["lands", "night"])
      #expect(try await server.send("DELETE", "/api/styles/night", headers: ["If-Match": seen.headers["etag"] ?? ""]).status == 204)
      #expect(try await server.get("/api/styles/night").status == 404)
      let audit = try await server.get("/api/audit?subject=style/night").json["changes"]?.arrayValue?.compactMap {
        $0["action"]?.stringValue
      }
      #expect(audit == ["style.remove", "style.replace", "style.replace_sld", "style.create"])
    }
  }

  @Test func `a dataset's own can be replaced, and be what it was again`() async throws {
    try await TestServer.withMaps { server, _ in
      let first = try await server.send("PUT", "/api/styles/lands", body: Array(Self.plain.utf8), headers: ["If-Match": "\"0\""])
      #expect(first.status == 200 && first.json["derived"] == false, "\(first.text)")
      #expect(try await server.get("/api/styles/lands").json["name"] == "Lands at night")
      #expect(try await server.send("DELETE", "/api/styles/lands").status == 204)
      #expect(try await server.get("/api/styles/lands").json["name"] == "Lands")
      // no ETag of before fits what comes after
      let second = try await server.send("PUT", "/api/styles/lands", body: Array(Self.plain.utf8))
      #expect(second.headers["etag"] != first.headers["etag"])
    }
  }

  @Test func `that cannot be are refused, with every mistake`() async throws {
    try await TestServer.withMaps { server, _ in
      let elsewhere = Self.plain.replacing("/api/tiles/lands", with: "https://elsewhere.example/lands")
      for (body, type, status, words) in [
        (elsewhere, StyleRoutes.mapbox, 422, "Must be the tiles of a dataset of this host."),
        (Self.plain.replacing("lands\"", with: "oceans\""), StyleRoutes.mapbox, 422, "There is no dataset \\\"oceans\\\"."),
        ("[]", StyleRoutes.mapbox, 400, "not an object"), ("{", StyleRoutes.mapbox, 400, "line 1"),
        (Self.plain, "text/plain", 415, "a style cannot be read from text/plain"),
        ("<!DOCTYPE a>\(Self.sld)", SLDText.type, 422, "it has a DOCTYPE"),
        (
          Self.plain.replacing("lands\"", with: "places\""), StyleRoutes.mapbox, 422,
          "is the default of dataset \\\"lands\\\", and does not draw it."
        ),
      ] {
        let answer = try await server.send("PUT", "/api/styles/lands", body: Array(body.utf8), headers: ["Content-Type": type])
        #expect(answer.status == status && answer.text.contains(words), "\(answer.text)")
      }
      #expect(try await server.post("/api/styles?id=Night", Self.plain).status == 400)
      #expect(try await server.post("/api/styles", Self.plain).json["detail"] == "id: a name is needed")
    }
  }
}
