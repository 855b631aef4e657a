import Database
import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Workflow

extension `The system` {
  /// Only with WEIR_TEST_FULL_SIZE=1, since QGIS is 680 MB that nothing else needs: `make soak` installs it.
  @Suite(.enabled(if: getenv("WEIR_TEST_FULL_SIZE") != nil)) struct `A desktop GIS` {
    @Test func `reads a curated table and its tiles`() async throws {
      let site = SourceSite()
      let curated = try CuratedPlace([
        "admin0": [("https://naciscdn.org/naturalearth/50m/cultural/ne_50m_admin_0_countries.zip", "\(site.url)/lands.zip")]
      ])
      let lands = try Data(contentsOf: URL(filePath: "\(Place.root)/.maps/ne_50m_admin_0_countries.zip"))
      site.put("/lands.zip", SourceSite.File([UInt8](lands), etag: "\"ne\""))
      let host = try await curated.serve()
      #expect(try await curated.update("admin0", on: host).state == "completed")
      let guest = curated.guest
      let output = try await RunningProgram(
        [
          "\(Place.root)/Tests/SystemTests/qgis_read.py", guest.url, "geo.curated_admin0", "adm0_a3",
          "\(host.url)/api/tiles/admin0/{z}/{x}/{y}.mvt",
        ], program: "/usr/bin/python3"
      ).end(within: .seconds(300))
      try #require(output.status == 0, "\(output)")
      let seen = RawJSON(unchecked: Array(output.out.utf8)[...]).parsed()
      #expect(seen["features"] == 241 && seen["keys"] == 241 && seen["invalid"] == 0 && seen["crs"] == "EPSG:4326", "\(output.out)")
      // land is three tenths of the Earth, more of it in Mercator's projection
      #expect((seen["painted"]?.doubleValue ?? 0) > 0.25, "\(output.out)")
      #expect(try await host.stop().status == 0)
    }
  }
}
