import ArgumentParser
import Workflow

struct Cancel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Cancel a job: nothing more of it starts, and what runs is stopped.")

  @Argument(help: "The job's id.") var id: String
  @OptionGroup var host: HostOptions

  func run() async throws {
    let job = try host.client.post("/api/jobs/\(HostClient.encoded(id))/cancel")
    Terminal.print("job \(id): \(job["state"]?.stringValue ?? "")\(job["cancelling"]?.boolValue == true ? ", being cancelled" : "")")
  }
}
