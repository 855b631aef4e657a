import Engine
import Foundation
import Glibc
import TestSupport
import Testing
import Workflow

/// Sources as they are: each says in its own way what it has, and where.
@Suite struct `The source of a curated dataset` {
  let house: CuratedHouse

  init() throws { house = try CuratedHouse() }

  @Test func `may move, be busy, and cut a download, which goes on where it stopped`() async throws {
    try house.register("/old.zip")
    let file = "\(house.house.folder.path)/large.zip"
    try MapData.countries(file, 200, release: "1", ballast: 3 << 20)
    house.serve(try Data(contentsOf: URL(filePath: file)), path: "/here.zip", etag: #""1""#)
    house.site.move("/old.zip", to: "/here.zip")
    house.site.fail("/here.zip", .status(429, ["Retry-After: 0"]), .cut(after: 2 << 20))
    let update = try await house.update()
    #expect(update.status == "completed" && update.counts == [200, 0, 0, 200], "\(update.said)")
    let gets = house.site.requests.filter { $0.line.hasPrefix("GET /here.zip") }
    let range = gets.last?.header("range") ?? ""
    #expect(gets.count == 3 && range.hasPrefix("bytes=") && range != "bytes=0-", "\(gets.map(\.head))")
    #expect(gets.last?.header("if-range") == #""1""#)
  }

  @Test func `that wants a key says so, with what can be done about it`() async throws {
    try house.register()
    try house.serve(30, release: "1")
    house.site.require("/countries.zip", query: ["auth_key=x"])
    let update = try await house.update()
    #expect(update.status == "failed")
    #expect(
      update.said.hasSuffix(
        "the server answered 401. If the source wants a key, name a credential of the configuration as credential_key."), "\(update.said)")
  }

  @Test func `may answer where the data is, to those who have a key, which goes nowhere else`() async throws {
    try house.register(
      "/v2/data-downloads?dataset_name=wdpa", version: #"{"by": "answer"}"#, more: #""credential_key": "ibat","#,
      config: #", "answer": {"url": "/download_url", "version": "/update_date"}"#)
    try house.serve(30, release: "1", path: "/bucket/wdpa.zip")
    house.site.require("/v2/data-downloads", query: ["dataset_name=wdpa", "auth_key=the-key", "auth_token=the-token"])
    let answer = #"{"download_url": "\#(house.site.url)/bucket/wdpa.zip?X-Signature=abc", "update_date": "May 2026"}"#
    house.serve(Data(answer.utf8), path: "/v2/data-downloads")
    let update = try await house.update()
    #expect(update.status == "completed" && update.log["source_version"] == "May 2026", "\(update.said)")
    let download = try #require(house.site.lines.first { $0.contains("/bucket/") })
    #expect(download == "GET /bucket/wdpa.zip?X-Signature=abc HTTP/1.1", "no key is sent there")
    let kept = try house.texts("SELECT row_to_json(v)::text FROM geo.curated_versions v") + [update.job.stages.map { "\($0)" }.joined()]
    #expect(kept.allSatisfy { !$0.contains("X-Signature") && !$0.contains("the-key") }, "what opens the file is kept nowhere")
    #expect(try await house.update().status == "skipped")
  }

  @Test func `may have a release a month, of which the newest counts`() async throws {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    let (year, month) = parts.tm_mon == 0 ? (parts.tm_year + 1899, 12) : (parts.tm_year + 1900, parts.tm_mon)
    let name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][Int(month) - 1]
    try house.register("/lands_{Mon}{YYYY}.zip", version: #"{"by": "release"}"#)
    try house.serve(30, release: "1", path: "/lands_\(name)\(year).zip")
    let update = try await house.update()
    #expect(update.status == "completed", "\(update.said)")
    #expect(update.log["source_version"] == .string("\(year)-\(month < 10 ? "0" : "")\(month)"))
    #expect(try await house.update().status == "skipped")
  }

  @Test(arguments: [
    (#"{"by": "etag"}"#, "1"), (#"{"by": "last_modified"}"#, "Sun, 01 Nov 2026 10:00:00 GMT"), (#"{"by": "content"}"#, "sha256:"),
  ]) func `is told from its last version by what the dataset says`(by: String, version: String) async throws {
    try house.register(version: by)
    try house.serve(30, release: "1", modified: "Sun, 01 Nov 2026 10:00:00 GMT")
    let first = try await house.update()
    #expect(first.status == "completed" && first.log["source_version"]?.stringValue?.hasPrefix(version) == true, "\(first.said)")
    #expect(try await house.update().status == "skipped")
    try house.serve(31, release: "2", modified: "Tue, 01 Dec 2026 10:00:00 GMT")
    #expect(try await house.update().counts == [1, 0, 0, 31])
  }

  @Test func `may say its version in a file of its own`() async throws {
    try house.register(version: #"{"by": "file", "url": "\#(house.site.url)/VERSION"}"#)
    try house.serve(30, release: "1")
    house.serve(Data("5.1.2\n".utf8), path: "/VERSION")
    #expect(try await house.update().log["source_version"] == "5.1.2")
    try house.serve(31, release: "2")
    #expect(try await house.update().status == "skipped", "the file says that nothing changed")
  }

  @Test func `may be a file that somebody puts into the container`() async throws {
    try house.register(version: #"{"by": "content"}"#, type: "manual")
    let empty = try await house.update()
    #expect(empty.status == "failed")
    let folder = "\(house.house.folder.path)/curated/lands/incoming"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    #expect(try await house.update().said == "lands: there is no file. Put one into container curated under lands/incoming/")
    try MapData.countries("\(folder)/november.zip", 30, release: "1")
    #expect(try await house.update().counts == [30, 0, 0, 30])
    #expect(try await house.update().status == "skipped")
    #expect(try house.downloads == ["lands/incoming/november.zip"], "it stays where it was put")
  }

  @Test func `may come page by page`() async throws {
    try house.register("/items", version: #"{"by": "content"}"#, key: #"["code"]"#, type: "api_paginated")
    func page(_ codes: [String], next: String?) -> Data {
      let features = codes.enumerated().map { number, code in
        #"{"type":"Feature","properties":{"code":"\#(code)","name":"Ä"},"geometry":{"type":"Polygon","coordinates":[[[\#(number),0],[\#(number),1],[\#(number + 1),1],[\#(number),0]]]}}"#
      }
      let links = next.map { #"{"rel":"next","href":"\#(house.site.url)\#($0)"}"# } ?? ""
      return Data(#"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))],"links":[\#(links)]}"#.utf8)
    }
    house.serve(page(["a", "b"], next: "/more"), path: "/items")
    house.serve(page(["c"], next: nil), path: "/more")
    let update = try await house.update()
    #expect(update.counts == [3, 0, 0, 3], "\(update.said)")
    #expect(try house.texts("SELECT code || name FROM geo.curated_lands ORDER BY 1") == ["aÄ", "bÄ", "cÄ"])
    #expect(try await house.update().status == "skipped")
  }
}
