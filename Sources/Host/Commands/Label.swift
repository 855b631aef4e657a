import ArgumentParser
import Workflow

struct Label: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Add labels to a job, or take them away.")

  @Argument(help: "The job's id.") var id: String
  @Argument(help: "Labels to add.") var labels: [String] = []
  @Option(help: "A label to take away; again for more.") var remove: [String] = []
  @OptionGroup var host: HostOptions

  func run() async throws {
    func list(_ labels: [String]) -> String? { labels.isEmpty ? nil : labels.joined(separator: ",") }
    let job = try host.client.post(
      "/api/jobs/\(HostClient.encoded(id))/labels", [("add", list(labels)), ("remove", list(remove))])
    Terminal.print("job \(id): \((job["labels"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ", "))")
  }
}
