import Database
import FoundationEssentials
import Glibc
import Synchronization
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `Curated datasets` {
    private static let maps = "\(Place.root)/.maps"
    private static let naturalEarth = "https://naciscdn.org/naturalearth/50m/cultural/ne_50m_admin_0_countries.zip"

    private func file(_ path: String, etag: String) throws -> SourceSite.File {
      SourceSite.File([UInt8](try Data(contentsOf: URL(filePath: path))), etag: etag)
    }

    @Test(arguments: [("110m", 177), ("50m", 241)])
    func `Natural Earth's countries come through the whole workflow, feature for feature`(scale: String, count: Int) async throws {
      let path = "/\(scale)/ne_\(scale)_admin_0_countries.zip"
      let source = "\(Self.maps)/ne_\(scale)_admin_0_countries.zip"
      let site = SourceSite()
      let curated = try CuratedPlace(["admin0": [(Self.naturalEarth, "\(site.url)\(path)")]])
      site.put(path, try file(source, etag: "\"ne\""))
      site.fail(path, .status(429, ["Retry-After: 0"]), .cut(after: 50_000))
      let host = try await curated.serve()
      let job = try await curated.update("admin0", on: host)
      let failures = try await host.failures(of: job["id"]?.stringValue ?? "").serialized()
      #expect(job.state == "completed", "\(failures)")
      let entry = try await curated.closed("admin0", on: host)
      #expect(entry["status"] == "completed" && entry["records_added"] == JSON(count) && entry["records_total"] == JSON(count))
      let same = try await curated.compare(
        "/vsizip/\(source)", layer: "", table: "geo.curated_admin0", key: "adm0_a3", left: ["iso_a3", "iso_a2"])
      #expect(same.hasPrefix("\(count) features alike in "))
      let listed = try await RunningProgram(
        ["-so", "-ro", "PG:\(curated.guest.url)", "geo.curated_admin0"], program: "/usr/bin/ogrinfo"
      ).end()
      #expect(
        listed.status == 0 && listed.out.contains("Feature Count: \(count)\n") && listed.out.contains("Geometry: Multi Polygon\n"),
        "\(listed)")
      let collection = try await Catalogue.number(
        "SELECT (content ->> 'table:row_count')::int FROM pgstac.collections WHERE id = 'curated_admin0' AND content ->> 'license' = 'other'",
        in: curated.place.own)
      #expect(collection == count, "the dataset stands in the catalogue")
      let again = try await curated.update("admin0", on: host)
      #expect(again.stage("fetch_data").state == "skipped")
      #expect(try await curated.closed("admin0", on: host)["status"] == "skipped")
      #expect(try await host.stop().status == 0)
    }

    /// Nothing but the URL of the manifest is another.
    @Test func `the countries at 1:10m come by configuration alone, disputed and at the antimeridian`() async throws {
      let site = SourceSite()
      let path = "/naturalearth/10m/cultural/ne_10m_admin_0_countries.zip"
      let curated = try CuratedPlace(["admin0": [(Self.naturalEarth, site.url + path)]])
      let source = "\(curated.place.folder.path)/ne_10m_admin_0_countries.zip"
      try NaturalEarth.write(source)
      site.put(path, try file(source, etag: "\"10m\""))
      let host = try await curated.serve()
      let job = try await curated.update("admin0", on: host)
      let failures = try await host.failures(of: job["id"]?.stringValue ?? "").serialized()
      #expect(job.state == "completed", "\(failures)")
      let entry = try await curated.closed("admin0", on: host)
      #expect(entry["source_version"] == "5.1.1" && entry["records_total"] == JSON(NaturalEarth.countries), "\(entry.serialized())")
      let same = try await curated.compare(
        "/vsizip/\(source)", layer: "", table: "geo.curated_admin0", key: "adm0_a3", left: ["iso_a3", "iso_a2"])
      #expect(same == "\(NaturalEarth.countries) features alike in 168 fields\n")
      // codes that are left open are filled, disputed areas are there under their own, and no code stands for none
      let codes = try await curated.rows(
        """
        SELECT string_agg(concat_ws(' ', adm0_a3, iso_a3, coalesce(iso_a2, '-'), coalesce(un_a3, '-')), ', ' ORDER BY adm0_a3)
        FROM geo.curated_admin0 WHERE adm0_a3 IN ('FRA', 'KOS', 'KAS', 'CYN', 'TWN')
        """)
      #expect(codes == ["CYN CYN - 003, FRA FRA FR 000, KAS KAS - -, KOS KOS XK 002, TWN TWN CN-TW 012"], "\(codes)")
      let facts = try await curated.rows(
        """
        SELECT concat_ws(' ', count(*) FILTER (WHERE type = 'Indeterminate'), count(*) FILTER (WHERE iso_a3 IS NULL OR adm0_a3_un <> -99),
            bool_and(ST_IsValid(geom)), min(name_ar), count(*) FILTER (WHERE '-99' IN (iso_a2, iso_a2_eh, iso_a3_eh, wb_a2, fips_10)))
        FROM geo.curated_admin0
        """)
      #expect(facts == ["9 0 t فرنسا 0"], "\(facts)")
      let sides = try await curated.rows(
        """
        SELECT concat_ws(' ', adm0_a3, ST_NumGeometries(geom), ST_XMin(geom), round(ST_XMax(geom)::numeric, 6)) FROM geo.curated_admin0
        WHERE ST_XMax(geom) - ST_XMin(geom) > 180 ORDER BY 1
        """)
      #expect(sides == ["ATA 1 -180 180.000000", "FJI 2 -180 180.000000", "RUS 2 -180 180.000000"], "\(sides)")
      let tile = try await host.get("/api/tiles/admin0/0/0/0.mvt")
      #expect(tile.status == 200 && tile.body.count > 1_000)
      #expect(try await host.stop().status == 0)
    }

    @Test func `a third dataset needs a manifest and nothing else`() async throws {
      let site = SourceSite()
      let curated = try CuratedPlace([
        "populated_places": [
          ("https://naciscdn.org/naturalearth/110m/cultural/ne_110m_populated_places_simple.zip", "\(site.url)/geopandas.whl"),
          (#"{ "by": "member", "match": "*.VERSION.txt" }"#, #"{ "by": "content" }, "layers": ["naturalearth_cities"]"#),
        ]
      ])
      site.put("/geopandas.whl", try file("\(Self.maps)/geopandas.whl", etag: "\"0.14.4\""))
      let host = try await curated.serve()
      let job = try await curated.update("populated_places", on: host)
      let failures = try await host.failures(of: job["id"]?.stringValue ?? "").serialized()
      #expect(job.state == "completed", "\(failures)")
      let same = try await curated.compare(
        "/vsizip/{\(Self.maps)/geopandas.whl}/geopandas/datasets/naturalearth_cities/naturalearth_cities.shp", layer: "",
        table: "geo.curated_populated_places", key: "name")
      #expect(same == "243 features alike in 1 fields\n")
      #expect(try await host.stop().status == 0)
    }

    /// A version is whole when all of its rows are of one release, and as many as that release has.
    @Test func `readers see whole versions only, through updates, rollbacks and kills`() async throws {
      let isFull = getenv("WEIR_TEST_FULL_SIZE") != nil
      let (updates, rollbacks) = isFull ? (20, 5) : (8, 3)
      let site = SourceSite()
      let curated = try CuratedPlace([
        "admin0": [
          (Self.naturalEarth, "\(site.url)/lands.zip"), (#""least": 150, "most": 500, "change": "20%""#, #""least": 1"#),
          (#""keep_versions": 3"#, #""keep_versions": 2"#),
        ]
      ])
      var host = try await curated.serve()
      let reader = VersionReader(curated.guest)
      for number in 1...updates {
        let path = "\(curated.place.folder.path)/lands.zip"
        try MapData.countries(path, 100 + number * 10, release: "\(number)", renamed: 1000)
        site.put("/lands.zip", try file(path, etag: "\"\(number)\""))
        let answer = try await host.post("/api/curated/datasets/admin0/update")
        #expect(answer.status == 201, "\(answer.text)")
        let job = answer.json["job_id"]?.stringValue ?? ""
        if number % 4 == 2 {
          try await isKilled(host, in: number % 8 == 2 ? "etl_process" : "fetch_data", of: job)
          host = try await curated.serve()
        }
        #expect(try await host.end(of: job).state == "completed")
        if number == 1 { reader.start() }
        if number % (updates / rollbacks) == 0 {
          _ = try await curated.closed("admin0", on: host)
          let back = try await host.post("/api/curated/datasets/admin0/rollback")
          #expect(back.status == 200, "\(back.text)")
        }
      }
      let seen = reader.end()
      #expect(seen.broken == [])
      #expect(seen.releases.count >= updates / 2 && seen.reads > updates, "\(seen)")
      #expect(try await host.stop().status == 0)
    }

    /// `kill -9` while the stage is under way, wherever it is then.
    private func isKilled(_ host: ServedHost, in stage: String, of job: String) async throws {
      let limit = ContinuousClock.now + .seconds(60)
      while ContinuousClock.now < limit {
        let view = try await host.get("/api/jobs/\(job)").json
        if ["running", "completed"].contains(view.stage(stage).state) { break }
      }
      try await host.kill()
    }
  }
}
