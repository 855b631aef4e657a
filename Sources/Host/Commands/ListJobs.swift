import ArgumentParser
import Workflow

struct ListJobs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "jobs", abstract: "List jobs, newest first.")

  @Option(help: "Of this workflow only.") var workflow: String?
  @Option(help: "In this state only: queued, running, completed, ...") var state: String?
  @Option(help: "With this label only; again for more.") var label: [String] = []
  @Option(help: "At most so many.") var limit = 20
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var host: HostOptions

  func run() async throws {
    let page = try host.client.get(
      "/api/jobs",
      [("workflow", workflow), ("state", state), ("label", label.isEmpty ? nil : label.joined(separator: ",")), ("limit", "\(limit)")])
    if json { return Terminal.print(page.serialized()) }
    for job in page["jobs"]?.arrayValue ?? [] {
      func text(_ name: String) -> String { job[name]?.stringValue ?? "" }
      Terminal.print(
        "\(text("id").padded(to: 8)) \(text("state").padded(to: 22)) \(text("created_at").padded(to: 25)) \(text("workflow"))")
    }
  }
}
