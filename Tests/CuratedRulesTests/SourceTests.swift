import CuratedRules
import Testing

@Suite struct `What sources send` {
  @Test(arguments: [
    ("PK\u{3}\u{4}…", FileKind.zip), ("SQLite format 3\0", .geopackage), ("fgb\u{3}", .flatgeobuf), (" \n{\"type\"", .json),
    ("\n<!DOCTYPE html>", .page), ("<?xml", .page), ("", .empty), ("PK\u{5}\u{6}", .unknown), ("hello", .unknown),
  ]) func `is told by its first bytes`(text: String, kind: FileKind) {
    #expect(FileKind(Array(text.utf8)) == kind)
  }

  @Test func `may be packed, or begin with a mark of its encoding`() {
    #expect(FileKind([0x1F, 0x8B, 8]) == .gzip)
    #expect(FileKind(Array(repeating: 0x61, count: 257) + Array("ustar".utf8)) == .tar)
    #expect(FileKind([0xEF, 0xBB, 0xBF] + Array("{".utf8)) == .json)
  }

  @Test func `is refused when it can have no rows`() {
    let refused = FileKind.allCases.filter { $0.refusal != nil }
    #expect(refused == [.page, .empty, .unknown])
    #expect(FileKind.page.refusal == "is a web page, and no data")
  }

  @Test(arguments: [
    ("\"abc\"", "abc"), ("W/\"abc\"", "abc"), ("  5.1.1 \r\n5.1.0", "5.1.1"), ("", ""), ("\n", ""), ("\u{1B}[31m\"red\"", "[31mred"),
    (String(repeating: "é", count: 200), String(repeating: "é", count: 100)),
  ]) func `is kept as one line without quotes`(text: String, plain: String) {
    #expect(SourceText.plain(text) == plain)
  }

  @Test(arguments: [
    ("https://a.org/b.zip", "https://a.org/b.zip"), ("https://a.org/b.zip?key=secret", "https://a.org/b.zip"),
    ("https://user:secret@a.org/b@c.zip?x#y", "https://a.org/b@c.zip"), ("https://a.org/b#token=secret", "https://a.org/b"),
    ("https://u:p@ss@a.org", "https://a.org"), ("curated/lands/7/source", "curated/lands/7/source"),
  ]) func `is named without what may be a key`(url: String, place: String) {
    #expect(SourceText.place(url) == place)
  }
}

@Suite struct `The month of a release` {
  private static let form = "https://a.org/{YYYY}/WDPA_{Mon}{YYYY}_{MM}.zip"

  @Test(arguments: [
    (0.0, "1970-01"), (-1, "1969-12"), (951_782_400, "2000-02"), (951_868_799, "2000-02"), (951_868_800, "2000-03"),
    (1_798_761_599, "2026-12"),
    (1_798_761_600, "2027-01"), (4_107_542_400, "2100-03"),
  ]) func `is that of its moment, in UTC`(instant: Double, text: String) {
    #expect(ReleaseMonth(at: instant).text == text)
  }

  @Test func `stands in the URL`() throws {
    let march = try #require(ReleaseMonth("2026-03"))
    #expect(march.url(Self.form) == "https://a.org/2026/WDPA_Mar2026_03.zip")
    #expect(march.before.text == "2026-02" && ReleaseMonth("2026-01")?.before.text == "2025-12")
  }

  @Test func `is earlier or later than another`() throws {
    let months = try ["2026-02", "2025-12", "2026-01"].map { try #require(ReleaseMonth($0)) }
    #expect(months.sorted().map(\.text) == ["2025-12", "2026-01", "2026-02"])
  }

  @Test(arguments: ["", "2026", "2026-13", "2026-00", "Nov 2026", "2026-11-01", "a-b"]) func `is no other text`(text: String) {
    #expect(ReleaseMonth(text) == nil)
  }
}

@Suite struct `A download` {
  @Test(arguments: [
    ("lands/6/source", true), ("lands/5/source", false), ("lands/7/source", true), ("lands/8/source", false),
    ("lands/incoming/november.zip", false), ("lands/incoming/6/x.zip", false), ("lands/6", false), ("lands/x/source", false),
  ]) func `stays as long as its version, and while a later job may need it`(key: String, isToGo: Bool) {
    #expect(DownloadRule(job: "7", kept: ["5"]).isToGo(key) == isToGo)
  }

  @Test func `of the job itself stays with its version`() {
    #expect(!DownloadRule(job: "7", kept: ["7"]).isToGo("lands/7/source"))
  }
}
