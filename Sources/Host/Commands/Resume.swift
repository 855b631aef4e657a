import ArgumentParser
import Workflow

struct Resume: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Let a job go on, with all that is paused of it.")

  @Argument(help: "The job's id.") var id: String
  @Option(help: "This stage only.") var stage: String?
  @OptionGroup var host: HostOptions

  func run() async throws {
    let job = try host.client.post("/api/jobs/\(HostClient.encoded(id))/resume", [("stage", stage)])
    Terminal.print(JobLines(job: job).standing)
  }
}
