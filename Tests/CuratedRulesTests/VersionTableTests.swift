import CuratedRules
import Testing

@Suite struct `Tables of versions` {
  @Test func `are named for their target and number, and nothing in a name becomes a statement`() {
    #expect(VersionName.table("curated_lands", 12) == "curated_lands_v12")
    #expect(VersionName.place("curated_lands_v12") == #"geo."curated_lands_v12""#)
    #expect(VersionName.quoted(#"a"; DROP TABLE b; --"#) == #""a""; DROP TABLE b; --""#)
    #expect(VersionName.literal("Côte d'Ivoire") == "'Côte d''Ivoire'")
  }

  private static func columns(_ columns: (String, String)...) -> [TableColumn] { columns.map { TableColumn(name: $0, type: $1) } }

  @Test func `are compared by their key, as text where its type has changed`() {
    let (new, old) = (Self.columns(("id", "bigint"), ("part", "text")), Self.columns(("id", "double precision"), ("part", "text")))
    #expect(Delta.match(["id", "part"], new: new, old: old) == .key(#"n."id"::text = o."id"::text AND n."part" = o."part""#))
    #expect(Delta.match(["part"], new: new, old: old) == .key(#"n."part" = o."part""#))
  }

  @Test func `are compared by their content where rows have no key that both know`() {
    let columns = Self.columns(("id", "bigint"))
    #expect(Delta.match([], new: columns, old: columns) == .content)
    #expect(Delta.match(["id"], new: columns, old: Self.columns(("code", "text"))) == .content)
    #expect(Delta.match(["id"], new: Self.columns(("code", "text")), old: columns) == .content)
  }
}
