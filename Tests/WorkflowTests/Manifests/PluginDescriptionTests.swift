import Testing
import Workflow

@Suite struct `Plugin description` {
  static let described = PluginDescription(
    id: "example", version: "1.0.0",
    handlers: [
      HandlerDescription(
        name: "example.cut", isIdempotent: true, title: "Cut", paramsSchema: ["type": "object"], itemSchema: ["type": "string"],
        services: ["weir.log/1", "weir.storage/1"], timeout: .seconds(5), memoryMB: 64, hasCheck: true),
      HandlerDescription(name: "example.join", isPure: true),
    ])

  static func manifest(_ change: (inout PluginManifest) -> Void = { _ in }) -> PluginManifest {
    var manifest = PluginManifest(
      id: "example", version: "1.0.0", library: "Example", handlers: [.init(name: "example.cut"), .init(name: "example.join")],
      grants: Grants(storage: .init(read: [NamePattern("*")!])))  // a constant that is a pattern
    change(&manifest)
    return manifest
  }

  static func said(_ manifest: PluginManifest, of described: PluginDescription = described) -> [String] {
    described.mismatches(with: manifest, library: "libExample.so", source: ManifestSource(file: "example.json")).map(\.description)
  }

  @Test func `is the same after it was written and read again`() throws {
    #expect(try PluginDescription(json: JSON(parsing: Self.described.json.serialized())) == Self.described)
  }

  @Test(arguments: [
    (#"{}"#, "id: is missing."), (#"{"id":"a","version":1}"#, "version: expected a string, got a number."),
    (
      #"{"id":"a","version":"1.0.0","handlers":[{"name":"a.b","version":"1.0.0"}]}"#,
      "handlers[0].params_schema: is missing: every handler describes its params."
    ),
    (
      #"{"id":"a","version":"1.0.0","handlers":[{"name":"a.b","version":"1.0.0","params_schema":"{}","timeout_ms":-1}]}"#,
      "handlers[0].timeout_ms: is negative."
    ),
    (
      #"{"id":"a","version":"1.0.0","handlers":[{"name":"a.b","version":"1.0.0","params_schema":"{}","services":[1]}]}"#,
      "handlers[0].services: expected an array of strings."
    ),
  ])
  func `says what it cannot understand`(text: String, message: String) throws {
    let json = try JSON(parsing: text)
    let error = #expect(throws: DescriptionError.self) { try PluginDescription(json: json) }
    #expect(error?.description == message)
  }

  @Test func `agrees with a manifest that says the same`() {
    #expect(Self.said(Self.manifest()) == [])
  }

  @Test func `names both values where the manifest says otherwise`() {
    let hint = "\n  Use the library that the manifest was written for, or correct the manifest."
    #expect(
      Self.said(
        Self.manifest {
          $0.id = "sample"; $0.version = "1.1.0"
        }) == [
          "example.json: id: the manifest says \"sample\", libExample.so says \"example\"." + hint,
          "example.json: version: the manifest says \"1.1.0\", libExample.so says \"1.0.0\"." + hint,
        ])
  }

  @Test func `names handlers that only one of them has`() {
    #expect(
      Self.said(Self.manifest { $0.handlers[1].name = "example.joint" }) == [
        "example.json: handlers: libExample.so has a handler \"example.join\" that the manifest does not name.\n  Add \"example.join\": {}.",
        "example.json: handlers[\"example.joint\"]: libExample.so has no handler \"example.joint\".\n"
          + "  It has example.cut, example.join. Did you mean \"example.join\"?",
      ])
  }

  @Test func `names services that are not granted or not known`() {
    var described = Self.described
    described.handlers[1].services = ["weir.gpu/1"]
    #expect(
      Self.said(Self.manifest { $0.grants = Grants() }, of: described) == [
        "example.json: handlers[\"example.cut\"]: needs weir.storage/1, which the manifest does not grant.\n  Add \"weir.storage/1\" to grants.",
        "example.json: handlers[\"example.join\"]: needs weir.gpu/1, which this weir does not have.\n"
          + "  Use a newer weir, or a build of the plugin that does without.",
      ])
  }

  @Test func `gives the catalogue the newest version of a handler`() {
    let old = HandlerDescription(name: "example.cut", version: "0.9.0")
    let catalogue = HandlerCatalogue(plugins: [Self.described, PluginDescription(id: "other", version: "1.0.0", handlers: [old])])
    #expect(catalogue["example.cut"]?.version == "1.0.0")
    #expect(catalogue["example.cot"] == nil)
    #expect(catalogue.names == ["example.cut", "example.join"])
  }
}
