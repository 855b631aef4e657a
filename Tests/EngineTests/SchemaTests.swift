import Database
import Engine
import FoundationEssentials
import TestSupport
import Testing

@Suite struct `The schema` {
  private var file: String {
    #filePath.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/schema.sql"
  }

  /// With `WEIR_RENEW_SCHEMA` set it writes the file instead.
  @Test func `of a fresh installation is that of schema.sql`() throws {
    let own = try TestDatabase.make(.engine)
    let found = try SchemaDump.text(of: ["app", "h3"], url: own.url)
    if ProcessInfo.processInfo.environment["WEIR_RENEW_SCHEMA"] != nil {
      return try Data(found.utf8).write(to: URL(filePath: file))
    }
    let kept = String(decoding: (try? Data(contentsOf: URL(filePath: file))) ?? Data(), as: UTF8.self)  // none is empty
    let (old, new) = (kept.split(separator: "\n"), found.split(separator: "\n"))
    let place = zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? min(old.count, new.count)
    #expect(
      found == kept,
      """
      Tests/EngineTests/schema.sql is not what the migrations make, first at: \(place < new.count ? new[place] : "its end").
      If the migrations are right, renew it: WEIR_RENEW_SCHEMA=1 swift test --filter 'The schema'
      """)
  }
}
