import ArgumentParser
import Glibc

/// The command `weir`.
@main
struct Weir: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "weir",
    abstract: "A plugin host for data pipelines.",
    version: version,
    groupedSubcommands: [
      CommandGroup(
        name: "Host",
        subcommands: [
          Serve.self, Work.self, Hosts.self, Limits.self, Schedules.self, TriggerCommands.self, Demo.self, Db.self, Config.self,
          Doctor.self,
        ]),
      CommandGroup(
        name: "Jobs", subcommands: [Submit.self, ListJobs.self, ShowJob.self, Watch.self, Top.self, ListAlerts.self, Logs.self]),
      CommandGroup(
        name: "Control",
        subcommands: [
          Pause.self, Resume.self, Cancel.self, Retry.self, Rerun.self, Priority.self, Label.self, ListFailures.self, Quarantines.self,
          Release.self,
        ]),
      CommandGroup(name: "Collections", subcommands: [Trace.self, Unpublish.self, DatasetCommands.self]),
      CommandGroup(name: "Access", subcommands: [TokenCommands.self, SessionCommands.self, ListAudit.self]),
      CommandGroup(name: "Catalog", subcommands: [Validate.self, Plugins.self, Workflows.self]),
      CommandGroup(name: "Plugin authors", subcommands: [Run.self, Check.self]),
    ])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      guard let explanation = Explanation(error) else { exit(withError: error) }
      Terminal.printError("\(explanation)")
      Glibc.exit(1)
    }
  }
}
