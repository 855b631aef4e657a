import ArgumentParser
import Workflow

struct Cancel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Cancel a job: nothing more of it starts, and what runs is stopped.",
    discussion: "Handlers are asked to stop, and killed when the host's grace period is over.")

  @Argument(help: "The job's id.") var id: String
  @Flag(help: "Kill what runs, without a grace period.") var now = false
  @OptionGroup var host: HostOptions

  func run() async throws {
    let job = try host.client.post("/api/jobs/\(HostClient.encoded(id))/cancel", [("stop", now ? "now" : nil)])
    Terminal.print(JobLines(job: job).standing)
  }
}
