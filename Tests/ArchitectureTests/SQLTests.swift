import Testing

@Suite struct `SQL stands in Engine and Database, and in the plugin that makes tables` {
  /// What a statement begins with or holds; a message for people is not written like this.
  static let marks = [
    "INSERT INTO ", "DELETE FROM ", "CREATE TABLE", "ALTER TABLE", "DROP TABLE", "CREATE INDEX", "CREATE SCHEMA", "CREATE EXTENSION",
    "TRUNCATE ", "FOR UPDATE", "ON CONFLICT", "RETURNING ", "BEGIN;", "COMMIT;", "search_path",
  ]

  static func looksLikeSQL(_ text: String) -> Bool {
    text.hasPrefix("SELECT ") || text.hasPrefix("WITH ") && text.contains(" AS (") || text.hasPrefix("UPDATE ")
      || text.contains("SELECT ") && text.contains(" FROM ") || text.contains("UPDATE ") && text.contains(" SET ")
      || marks.contains { text.contains($0) }
  }

  @Test func `no other target quotes a statement`() throws {
    Offence.report(
      try Tree.program().filter { !["Engine", "Database", "Curated"].contains($0.target) }.flatMap { file in
        file.lines.filter { !$0.quoted.isEmpty && Self.looksLikeSQL($0.quoted) }.map {
          Offence(file, at: $0.number, "\(file.target) quotes SQL", mend: "Give the statement to a verb of Engine, and call that")
        }
      })
  }

  @Test(arguments: ["SELECT 1", "WITH a AS (SELECT 1)", "UPDATE jobs SET a = 1", "x INSERT INTO y", "… FOR UPDATE SKIP LOCKED"])
  func `a statement is recognised`(text: String) {
    #expect(Self.looksLikeSQL(text))
  }

  @Test(arguments: ["select a workflow", "Update weir, then try again", "job 7 was deleted from the queue"])
  func `a sentence is not taken for one`(text: String) {
    #expect(!Self.looksLikeSQL(text))
  }
}
