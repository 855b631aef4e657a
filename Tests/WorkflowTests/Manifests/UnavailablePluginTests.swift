import Testing

@testable import Workflow

@Suite struct `A plugin that cannot be loaded` {
  @Test(arguments: [
    ("libgdal.so.32", "libgdal32"), ("libproj.so.25", "libproj25"), ("libre2.so.9", "libre2-9"), ("libGL.so.1", "libgl1"),
    ("libssl.so.3", "libssl3"), ("libtiff_extra.so.6.1", "libtiff-extra6.1"), ("libplain.so", "libplain"),
  ]) func `names the package of Debian that has what it needs`(library: String, package: String) {
    #expect(UnavailablePlugin.package(of: library) == package)
  }

  @Test func `is read as it was written`() throws {
    let plugin = UnavailablePlugin(id: "p", version: "1.0.0", handlers: ["p.a", "p.b"], library: "libP.so", missing: "libgdal.so.32")
    #expect(UnavailablePlugin(try JSON(parsing: Array(plugin.json.serialized().utf8))) == plugin)
    #expect(UnavailablePlugin(["id": "p"]) == nil)
    #expect(plugin.message == "plugin \"p\" cannot be loaded: libP.so needs libgdal.so.32, which this machine does not have")
    #expect(plugin.hint == "Install it and start weir again; on Debian: apt install libgdal32")
  }
}
