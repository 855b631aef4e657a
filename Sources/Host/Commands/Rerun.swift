import ArgumentParser
import Workflow

struct Rerun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a job again as a new one, and print its id.",
    discussion: "With --from, the stages before that one are taken over with their results and items.")

  @Argument(help: "The job's id.") var id: String
  @Option(help: "The stage where it begins; without it everything runs anew.") var from: String?
  @Flag(help: "On the newest version of the workflow instead of the job's own.") var newest = false
  @OptionGroup var host: HostOptions

  func run() async throws {
    let job = try host.client.post(
      "/api/jobs/\(HostClient.encoded(id))/rerun", [("from", from), ("version", newest ? "newest" : nil)])
    Terminal.print(job["id"]?.stringValue ?? "")
  }
}
