import ArgumentParser
import Engine
import Workflow

struct Work: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a host without HTTP: claim tasks, run handlers.",
    discussion: """
      Any number of these may share a database with hosts that serve. Stops in order on SIGTERM and SIGINT.
      With --until-idle it ends by itself, with status 0 when no job is left that needs its handlers, 3 when there are such jobs and \
      none can go on for now (paused, for later, or waiting for a handler that no host offers), and 75 when it was stopped before.
      """)

  @Option(help: "Runner processes at a time; the configuration's, else one for each processor.") var runners: Int?
  @Flag(help: "End when nothing is left that this host could do.") var untilIdle = false

  func run() async throws {
    var environment = Environment.current
    if let runners { environment["WEIR_RUNNERS"] = "\(runners)" }
    // nothing listens, so no address needs a token
    environment["WEIR_LISTEN"] = "127.0.0.1:0"
    let (configuration, _) = try LoadedConfiguration.read(environment)
    // not before a signal to stop finds somebody who listens: until then it would end the process, and leave its tasks to the lease
    let host = try await RunningHost.start(configuration, purpose: untilIdle ? .finishing : .working) { id in
      Terminal.print("Working as host \(id)")
      SystemdNotice.ready("Working as host \(id)")
    }
    try await host.serve()
    guard untilIdle else { return }
    guard let left = host.leftover else { throw ExitCode(75) }  // EX_TEMPFAIL: start it again
    guard left.openJobs > 0 else { return Terminal.print("Nothing is left to do") }
    Terminal.print(
      "Nothing is left that can be done now: \(left.openJobs) \(left.openJobs == 1 ? "job is" : "jobs are") paused, for later, "
        + "or waiting for a handler that no host offers")
    throw ExitCode(3)
  }
}
