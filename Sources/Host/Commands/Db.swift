import ArgumentParser
import Database
import Engine

struct Db: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The database: bring it up to this program, or see how it stands.", subcommands: [Migrate.self, Status.self])

  struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Install or upgrade Weir's tables, PostGIS and pgSTAC.")

    func run() async throws {
      try DatabaseOpening.with { database in
        let before = try Installation(database).migrator.status().pending
        try Installation(database).install()
        Terminal.print(before.isEmpty ? "nothing to do" : before.map { "ran \($0.title)" }.joined(separator: "\n"))
      }
    }
  }

  struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Say which migrations ran and which are pending.")

    func run() async throws {
      try DatabaseOpening.with { database in
        let status = try Installation(database).migrator.status()
        for applied in status.applied { Terminal.print("applied  \(applied.number) \(applied.name)") }
        for pending in status.pending { Terminal.print("pending  \(pending.title)") }
        if let conflict = status.conflict { throw conflict }
      }
    }
  }
}
