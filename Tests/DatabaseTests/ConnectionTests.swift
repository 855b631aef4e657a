import Database
import TestSupport
import Testing

@Suite struct ConnectionTests {
  @Test func `a connection answers`() throws {
    let test = try TestDatabase.make()
    let answer = try test.database.withConnection { try $0.query("SELECT 1").one().int(0) }
    #expect(answer == 1)
  }
}
