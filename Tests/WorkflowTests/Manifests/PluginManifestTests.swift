import Testing
import Workflow

@Suite struct `Plugin manifest` {
  static func load(_ path: String) throws -> PluginManifest {
    try PluginManifest.load(bytes: try TextFile.bytes(at: TextFile.project + path), file: path).get()
  }

  @Test func `reads every member`() throws {
    let manifest = try Self.load("Tests/WorkflowTests/Cases/plugin-valid/everything.json")
    let cut = try #require(manifest.handler("example.cut"))
    #expect(cut.timeout == .seconds(90))
    #expect(cut.memory == 64 << 20)
    #expect(cut.threads == 2)
    #expect(cut.retry?.attempts == 1)
    #expect(manifest.config["any"]?[0] == 1)
    #expect(manifest.grants.storage?.allowsReading("bronzemapspam") == true)
    #expect(manifest.grants.storage?.allowsReading("silver-maps") == true)
    #expect(manifest.grants.storage?.allowsWriting("bronzemapspam") == false)
    #expect(manifest.grants.http?.hosts.match("m2m.cr.usgs.gov") == true)
    #expect(manifest.grants.allow(service: "weir.log/1"))
    #expect(!manifest.grants.allow(service: "weir.gpu/1"))
    #expect(manifest.metrics == [MetricDeclaration(name: "cells", unit: "cells", aggregate: .last, label: "Cells")])
  }

  @Test(arguments: ["manifests/plugins/ingest.json", "Tests/WorkflowTests/Cases/plugin-valid/everything.json"])
  func `is the same after it was written and read again`(path: String) throws {
    let manifest = try Self.load(path)
    #expect(try PluginManifest.load(bytes: Array(manifest.json.serialized().utf8), file: "again").get() == manifest)
  }

  @Test func `finds its library beside itself, then in the path, then beside the program`() {
    let search = LibrarySearch(
      manifest: "/etc/weir/plugins/ingest.json", pluginPath: "/opt/a::/opt/b/:/etc/weir/plugins", program: "/usr/bin/weir")
    #expect(
      search.candidates(for: "Ingest") == [
        "/etc/weir/plugins/libIngest.so", "/opt/a/libIngest.so", "/opt/b/libIngest.so", "/usr/bin/libIngest.so",
      ])
    #expect(LibrarySearch(manifest: "ingest.json", pluginPath: nil, program: "/weir").candidates(for: "x") == ["./libx.so", "/libx.so"])
  }

  @Test func `says where it sought a library`() {
    let search = LibrarySearch(manifest: "plugins/ingest.json", pluginPath: "/opt/a", program: "/usr/bin/weir")
    #expect(
      search.missing(library: "Ingest", file: "plugins/ingest.json").description == """
        plugins/ingest.json: library: there is no libIngest.so in plugins, /opt/a or /usr/bin.
          Put it beside the manifest, or name its folder in WEIR_PLUGIN_PATH.
        """)
  }
}
