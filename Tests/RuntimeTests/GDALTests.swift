import Database
import Engine
import Glibc
import Runtime
import Synchronization
import TestSupport
import Testing
import Workflow

enum GDALHandlers {
  static let all = ["count", "checksum", "list", "spin", "leave", "write", "load"].map { "mapped.\($0)" }
  static let grants = #"{"weir.storage/1": {"read": ["bronze"]}, "weir.sql/1": {"databases": ["geo"]}}"#
}

@Suite struct `GDAL in a runner` {
  let house: House

  init() throws { house = try House() }

  private func plugin() throws -> [LoadedPlugin] {
    [try house.plugin("Mapped", GDALHandlers.all, grants: GDALHandlers.grants)]
  }

  @Test func `opens a zip of shapefiles in a directory by the host's descriptor, in the sandbox`() async throws {
    try MapData.shapefiles("\(house.folder.path)/bronze/parks.zip", ["parks": 900, "lakes": 4])
    let job = try await house.run(
      #"[{"id": "a", "handler": "mapped.count", "params": {"path": "/vsizip//vsiweir/bronze/parks.zip"}}]"#, on: plugin())
    #expect(job.state == .completed, "\(house.said(job.id, "a"))")
    let result = try #require(job.stages[0].result?.parsed())
    #expect(result["layers"]?.serialized() == #"{"lakes":4,"parks":900}"#)
    #expect(result["epsg"]?.stringValue == "4326", "PROJ's database can be read in the sandbox")
    #expect(result["descriptors"]?.intValue == 1 && result["bytes"]?.intValue == 0, "\(result.serialized())")
  }

  @Test func `reads a raster as GDAL reads the file`() async throws {
    let checksum = try MapData.raster("\(house.folder.path)/bronze/a.tif")
    let job = try await house.run(
      #"[{"id": "a", "handler": "mapped.checksum", "params": {"path": "/vsiweir/bronze/a.tif"}}]"#, on: plugin())
    #expect(job.state == .completed, "\(house.said(job.id, "a"))")
    #expect(job.stages[0].result?.parsed()["checksum"]?.intValue == checksum)
  }

  @Test func `lists folders and objects`() async throws {
    for folder in ["bronze/in", "bronze/in/deep"] { mkdir("\(house.folder.path)/\(folder)", 0o755) }
    for file in ["bronze/in/a.txt", "bronze/in/deep/b.txt"] { TemporaryFolder.write("12345", to: "\(house.folder.path)/\(file)") }
    let job = try await house.run(#"[{"id": "a", "handler": "mapped.list", "params": {"path": "/vsiweir/bronze/in"}}]"#, on: plugin())
    #expect(job.state == .completed, "\(house.said(job.id, "a"))")
    #expect(job.stages[0].result?.text == #"{"a.txt":5,"deep":"folder"}"#)
  }

  @Test func `a container that is not granted is refused with the host's reason`() async throws {
    TemporaryFolder.write("12345", to: "\(house.folder.path)/silver/a.tif")
    let job = try await house.run(
      #"[{"id": "a", "handler": "mapped.checksum", "params": {"path": "/vsiweir/silver/a.tif"}}]"#, on: plugin())
    #expect(job.state == .failed)
    #expect(
      house.said(job.id, "a").contains("the plugin's manifest does not grant weir.storage/1 to read it"), "\(house.said(job.id, "a"))")
  }

  @Test func `a cancel ends a task that reads and reads, and the runner stays`() async throws {
    TemporaryFolder.write(String(repeating: "x", count: 10_000), to: "\(house.folder.path)/bronze/long")
    let plugins = try plugin()
    try await onOwnThread { [house] in
      let host = try house.host(plugins)
      defer { host.stop() }
      let job = try house.submit(#"[{"id": "a", "handler": "mapped.spin", "params": {"path": "/vsiweir/bronze/long"}}]"#)
      try until { try house.number("SELECT count(*)::int FROM leases") == 1 }
      try house.engine.control.cancel(job, by: .system)
      host.poke()
      #expect(try house.finished(job).state == .cancelled)
      let kinds = try house.own.database.withConnection { try $0.query("SELECT DISTINCT outcome FROM attempts").map { try $0.string(0) } }
      #expect(kinds == ["cancelled"])
    }
  }
}
