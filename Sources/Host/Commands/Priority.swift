import ArgumentParser
import Workflow

struct Priority: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Give a job that has not ended another priority.")

  @Argument(help: "The job's id.") var id: String
  @Argument(parsing: .allUnrecognized, help: "Higher goes first; below 0 is after the others.") var priority: [String] = []
  @OptionGroup var host: HostOptions

  func run() async throws {
    guard priority.count == 1 else { throw ValidationError("Name one priority, such as 5 or -5.") }
    let job = try host.client.post("/api/jobs/\(HostClient.encoded(id))/priority", [("to", priority[0])])
    Terminal.print("job \(id): priority \(job["priority"]?.intValue ?? 0)")
  }
}
