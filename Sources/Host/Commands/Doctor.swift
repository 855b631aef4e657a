import ArgumentParser
import Workflow

struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at a whole installation, and say how to mend what is wrong with it.",
    discussion: """
      Looks at the configuration, the database, runners and their sandbox, plugins, containers, limits, disk space and the service. \
      Changes nothing but a small object that it writes and removes in containers which plugins may write to.
      Ends with 0 when nothing is to be done, 1 with warnings, 2 with errors.
      """)

  @Flag(name: .shortAndLong, help: "Also list what is as it should be.") var verbose = false
  @Flag(help: "Print JSON, with all that was looked at.") var json = false

  func run() async throws {
    let checkup: Checkup
    do throws(Problems) {
      let configuration = try LoadedConfiguration.read().configuration
      checkup = await RunningHost.onThread { Installed(configuration: configuration).checkup() }
    } catch {
      checkup = Checkup(error.list.map { Finding($0, "configuration") })
    }
    Terminal.print(json ? checkup.json.serialized() : checkup.text(isVerbose: verbose))
    if checkup.exitStatus != 0 { throw ExitCode(checkup.exitStatus) }
  }
}
