import Engine
import Foundation
import TestSupport
import Testing
import Workflow

/// Whatever a source sends, readers keep the version that they see, and the log says what was wrong.
@Suite struct `A hostile source` {
  let house: CuratedHouse

  init() throws { house = try CuratedHouse() }

  private func isRefused(_ message: String, config: String = "", prepare: (String) throws -> Void) async throws {
    try house.register(version: #"{"by": "etag"}"#)
    try house.serve(30, release: "1")
    #expect(try await house.update().status == "completed")
    try house.register(version: #"{"by": "etag"}"#, config: config)
    let file = "\(house.house.folder.path)/hostile"
    try prepare(file)
    if FileManager.default.fileExists(atPath: file) { house.serve(try Data(contentsOf: URL(filePath: file)), etag: #""2""#) }
    let update = try await house.update()
    #expect(update.status == "failed" && update.said.contains(message), "\(update.said)")
    #expect(try house.texts("SELECT count(*) FROM geo.curated_lands") == ["30"])
    #expect(try house.texts("SELECT count(*) FROM pg_class WHERE relname LIKE 'curated_lands%' AND relkind = 'r'") == ["1"])
    #expect(try house.engine.datasets.dataset("lands").currentVersion == 1)
    #expect(try house.engine.datasets.history("lands").elements.first?["error_message"]?.stringValue?.isEmpty == false)
  }

  @Test func `that sends a zip bomb`() async throws {
    try await isRefused("would unpack to more than any source of its size does") { path in
      try MapData.python(
        """
        import sys, zipfile
        with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            with archive.open("countries.shp", "w", force_zip64=True) as member:
                for _ in range(400): member.write(bytes(1 << 20))
        """, [path])
    }
  }

  @Test func `that hides bombs in an archive of archives`() async throws {
    try await isRefused("would unpack to more than any source of its size does") { path in
      try MapData.python(
        """
        import io, sys, zipfile
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            with archive.open("countries.shp", "w", force_zip64=True) as member:
                for _ in range(100): member.write(bytes(1 << 20))
        with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for number in range(5): archive.writestr(f"part_{number}.zip", inner.getvalue())
        """, [path])
    }
  }

  @Test(arguments: ["../../../etc/cron.d/x.shp", "/etc/passwd.shp", #"..\\..\\x.shp"#])
  func `whose archive leads out of itself`(name: String) async throws {
    try await isRefused("holds a file that would lie outside of it: \"\(name.replacing(#"\\"#, with: #"\"#))\"") { path in
      try MapData.python(
        """
        import sys, zipfile
        with zipfile.ZipFile(sys.argv[1], "w") as archive: archive.writestr(zipfile.ZipInfo("\(name)"), "x")
        """, [path])
    }
  }

  @Test func `that sends a page instead of the data`() async throws {
    try await isRefused("/countries.zip: what was fetched is a web page, and no data.") { path in
      TemporaryFolder.write("\n<!DOCTYPE html><html>Please log in</html>", to: path)
    }
  }

  @Test func `that sends nothing at all`() async throws {
    try await isRefused("what was fetched is empty.") { TemporaryFolder.write("", to: $0) }
  }

  @Test func `whose file was cut off where it lies`() async throws {
    try await isRefused("is cut off, or no zip: it has no directory at its end") { path in
      try MapData.countries(path, 30, release: "2")
      let whole = try Data(contentsOf: URL(filePath: path))
      try whole.prefix(whole.count / 2).write(to: URL(filePath: path))
    }
  }

  @Test func `whose shapefile ends in the middle`() async throws {
    try await isRefused("cannot open /vsiweir/curated/lands/") { path in
      try MapData.build(path, #"open(f"{folder}/countries.shp", "wb").write(b"\0\0\x27\x0a" + bytes(40)); pack(path, folder)"#)
    }
  }

  @Test func `whose coordinates are of a reference system that it does not name`() async throws {
    try await isRefused("are not on Earth: the source's reference system is missing or wrong") { path in
      try MapData.build(
        path,
        """
        rows = [({"ADM0_A3": f"A{n}", "NAME": "x"}, f"POLYGON(({n}00000 0,{n}00000 90000,{n}90000 90000,{n}00000 0))") for n in range(1, 31)]
        shapefile(folder, "countries", place(3857), ogr.wkbPolygon, [("ADM0_A3", ogr.OFTString), ("NAME", ogr.OFTString)], rows)
        os.remove(f"{folder}/countries.prj")
        pack(path, folder)
        """)
    }
  }

  @Test func `whose coordinates are of another reference system than it names`() async throws {
    try await isRefused("cover less than half of those of the version before: the source's reference system may be wrong") { path in
      try MapData.build(
        path,
        """
        rows = [({"ADM0_A3": f"A{n}", "NAME": "x"}, f"POLYGON(({n} 0,{n} 1,{n+1} 1,{n} 0))") for n in range(1, 31)]
        shapefile(folder, "countries", place(3857), ogr.wkbPolygon, [("ADM0_A3", ogr.OFTString), ("NAME", ogr.OFTString)], rows)
        pack(path, folder)
        """)
    }
  }

  @Test func `that says it is larger than the dataset may be`() async throws {
    try await isRefused("the answer is larger than 20971520 bytes") { _ in
      house.site.put("/countries.zip", .init([UInt8](repeating: 0x50, count: 21 << 20), etag: #""2""#))
    }
  }

  @Test func `that leads to an address inside`() async throws {
    try await isRefused("the plugin's manifest does not grant weir.http/1 for this host") { _ in
      house.site.move("/countries.zip", to: "http://169.254.169.254/latest/meta-data/")
    }
  }

  @Test func `that leads to an address inside although its name is granted`() async throws {
    try await isRefused("the host's address 127.0.0.2 is not allowed") { _ in
      house.site.move("/countries.zip", to: "http://127.0.0.2:\(house.site.port)/other.zip")
    }
    #expect(house.site.lines.allSatisfy { !$0.contains("other.zip") })
  }

  @Test func `whose archive holds no map`() async throws {
    try await isRefused("holds no shapefile, GeoPackage, geodatabase, GeoJSON or FlatGeobuf") { path in
      try MapData.build(path, #"open(f"{folder}/readme.txt", "w").write("soon"); pack(path, folder)"#)
    }
  }
}
