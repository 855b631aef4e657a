/// The definitions of some schemas as text that depends on nothing but them: for comparison with a committed file.
public enum SchemaDump {
  /// Runs `pg_dump` and leaves out its comments, settings and random marks.
  public static func text(of schemas: [String], url: String) throws -> String {
    let programs = try PostgresPrograms.find(in: nil, for: nil, folder: "schema dump")
    let chosen = schemas.map { "--schema=\($0)" }
    let ending = try Program.run(
      ["\(programs.folder)/pg_dump", "--schema-only", "--no-owner", "--no-privileges", "--dbname=\(url)"] + chosen)
    guard ending.isSuccess else {
      throw DatabaseError(.misuse("pg_dump could not read the database."), rawText: ending.output)
    }
    return normalized(ending.output)
  }

  static func normalized(_ dump: String) -> String {
    // "\restrict" and "\unrestrict" carry a random word in newer minor releases.
    let dropped = ["--", "SET ", "SELECT pg_catalog.set_config(", "\\"]
    let kept = dump.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { line in !dropped.contains { line.hasPrefix($0) } }
    var lines: [Substring] = []
    for line in kept where !(line.isEmpty && lines.last?.isEmpty ?? true) { lines.append(line) }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }
}
