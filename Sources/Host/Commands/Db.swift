import ArgumentParser
import Database
import Engine
import Workflow

struct Db: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The database: bring it up to this program, see how it stands, back it up.",
    subcommands: [Migrate.self, Status.self, Backup.self, Url.self])

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

  struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Copy the private PostgreSQL into a new folder, while it works.",
      discussion: "The copy is a folder like .weir: start a host on it with WEIR_FOLDER, or put it in the old one's place.")

    @Argument(help: "The folder to make.") var folder: String

    func run() async throws {
      let (configuration, _) = try LoadedConfiguration.read()
      let opening = try DatabaseOpening(configuration, logger: HostLog.logger(configuration))
      defer { opening.close() }
      guard let cluster = opening.cluster else {
        throw Failure("the database is a server of yours, not weir's private one", hint: "Back it up with pg_dump; RUNBOOK.md says how.")
      }
      try cluster.backUp(into: folder)
      Terminal.print("backed up into \(folder)")
    }
  }

  struct Url: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the URL of the private PostgreSQL that runs, for psql and pg_dump.")

    func run() async throws {
      let (configuration, _) = try LoadedConfiguration.read()
      guard configuration.databaseURL == nil else {
        throw Failure("the configuration names the database", hint: "It stands under database_url, or in WEIR_DATABASE_URL.")
      }
      guard let url = Cluster.runningURL(folder: configuration.folder) else {
        throw Failure("\(configuration.folder): PostgreSQL does not run", hint: "A host that runs keeps it running: weir serve.")
      }
      Terminal.print(url)
    }
  }
}
