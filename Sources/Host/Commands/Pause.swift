import ArgumentParser
import Workflow

struct Pause: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Pause a job, or one running stage: what runs goes on to its end, and nothing new is begun.")

  @Argument(help: "The job's id.") var id: String
  @Option(help: "This stage only.") var stage: String?
  @Option(help: "Why, for those who wonder.") var why: String?
  @OptionGroup var host: HostOptions

  func run() async throws {
    let job = try host.client.post("/api/jobs/\(HostClient.encoded(id))/pause", [("stage", stage), ("why", why)])
    Terminal.print(JobLines(job: job).standing)
  }
}
