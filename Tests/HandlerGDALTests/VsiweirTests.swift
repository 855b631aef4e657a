import HandlerABI
import HandlerKit
import HandlerStub
import TestSupport
import Testing

@Suite struct `GDAL over a storage of ranges` {
  let folder = TemporaryFolder()
  let host: StubHost

  init() throws {
    host = StubHost(folder: folder.path)
    try host.storage.makeContainer("bronze")
  }

  private func path(_ key: String) -> String { host.storage.path("bronze", key) }
  private func number(_ name: String) -> Int { host.result?[name]?.int ?? -1 }

  @Test func `counts the features of a zip of shapefiles`() throws {
    try MapData.shapefiles(path("parks.zip"), ["parks": 700, "lakes": 3])
    #expect(try MappedPlugin.call(host, "mapped.count", "/vsizip//vsiweir/bronze/parks.zip"), "\(host.failure?.message ?? "")")
    #expect(host.result?["layers"]?.text == #"{"lakes":3,"parks":700}"#)
    #expect(host.result?["epsg"]?.string == "4326", "PROJ's database was found")
    #expect(number("descriptors") == 0 && number("bytes") > 0)
  }

  @Test func `fetches what it needs of a large archive, and nothing again`() throws {
    try MapData.shapefiles(path("large.zip"), ["parks": 100], ballast: 20 << 20)
    let size = host.storage.bytes("bronze", "large.zip")?.count ?? 0
    #expect(size > 20 << 20)
    #expect(try MappedPlugin.call(host, "mapped.count", "/vsizip//vsiweir/bronze/large.zip/parks.shp"))
    #expect(host.result?["layers"]?.text == #"{"parks":100}"#)
    #expect(number("bytes") < 1 << 20, "\(number("bytes")) of \(size) bytes")
    #expect(host.calls["read"] == nil && (host.calls["read_many"] ?? 0) <= 8, "\(host.calls)")
    // blocks are kept by version from task to task
    #expect(try MappedPlugin.call(host, "mapped.count", "/vsizip//vsiweir/bronze/large.zip/parks.shp"))
    #expect(number("bytes") == 0)
  }

  @Test func `sees an object that was replaced between two tasks`() throws {
    try MapData.shapefiles(path("a.zip"), ["parks": 5])
    #expect(try MappedPlugin.call(host, "mapped.count", "/vsizip//vsiweir/bronze/a.zip"))
    // of the same second, as the stub tells it
    try MapData.shapefiles(path("a.zip"), ["parks": 6])
    #expect(try MappedPlugin.call(host, "mapped.count", "/vsizip//vsiweir/bronze/a.zip"))
    #expect(host.result?["layers"]?.text == #"{"parks":6}"#)
  }

  @Test func `reads a raster as GDAL reads the file`() throws {
    let checksum = try MapData.raster(path("a.tif"))
    #expect(try MappedPlugin.call(host, "mapped.checksum", "/vsiweir/bronze/a.tif"), "\(host.failure?.message ?? "")")
    #expect(number("checksum") == checksum)
  }

  @Test func `says what the host said when a store is busy, with the status to retry`() throws {
    try MapData.shapefiles(path("busy.zip"), ["parks": 5])
    host.storage.failing = ["busy.zip": WEIR_BUSY]
    #expect(try !MappedPlugin.call(host, "mapped.count", "/vsizip//vsiweir/bronze/busy.zip"))
    #expect(host.status == WEIR_BUSY)
    #expect(host.failure?.message.contains("bronze/busy.zip") == true && host.failure?.message.contains("status 102") == true)
  }

  @Test func `names what is not there`() throws {
    #expect(try !MappedPlugin.call(host, "mapped.count", "/vsiweir/bronze/none.shp"))
    #expect(host.status == WEIR_FAILED)
    #expect(host.failure?.message.hasPrefix("cannot open /vsiweir/bronze/none.shp: ") == true)
  }

  @Test func `is refused without storage`() throws {
    host.granted.remove(WEIR_STORAGE)
    #expect(try !MappedPlugin.call(host, "mapped.count", "/vsiweir/bronze/a.zip"))
    #expect(host.status == WEIR_DENIED)
  }

  @Test func `a cancelled task's reads fail as cancelled`() throws {
    try MapData.shapefiles(path("c.zip"), ["parks": 5])
    host.cancelReason = 1
    #expect(try !MappedPlugin.call(host, "mapped.spin", "/vsiweir/bronze/c.zip"))
    #expect(host.status == WEIR_CANCELLED)
  }

  @Test func `what is left open reads nothing when the task is over`() throws {
    try host.storage.put("bronze", "left", "some bytes")
    #expect(try MappedPlugin.call(host, "mapped.leave", "/vsiweir/bronze/left"))
    #expect(try MappedPlugin.call(host, "mapped.leave", "/vsiweir/bronze/left"))
    #expect(number("got") == 0)
  }

  @Test func `objects are read only`() throws {
    #expect(try !MappedPlugin.call(host, "mapped.write", "/vsiweir/bronze/new"))
    #expect(
      host.failure?.message
        == "cannot write: /vsiweir/bronze/new: objects are read only: write to the task's scratch, then copy")
    #expect(host.storage.bytes("bronze", "new") == nil)
  }
}
