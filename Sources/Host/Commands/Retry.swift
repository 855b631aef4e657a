import ArgumentParser
import Workflow

struct Retry: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Try the failed tasks of a job again, all or those that match.",
    discussion: "A job that has ended opens again. What had run behind those tasks goes back to waiting, and runs again.")

  @Argument(help: "The job's id.") var id: String
  @Option(help: "Of this stage only.") var stage: String?
  @Option(help: "That ended so only: failed, invalid, crashed, timeout, memory, protocol, lost.") var outcome: String?
  @Option(help: "With this fingerprint only; `weir failures JOB` lists them.") var fingerprint: String?
  @OptionGroup var host: HostOptions

  func run() async throws {
    let retried = try host.client.post(
      "/api/jobs/\(HostClient.encoded(id))/retry", [("stage", stage), ("outcome", outcome), ("fingerprint", fingerprint)])
    let tasks = retried["tasks"]?.intValue ?? 0
    func names(_ member: String) -> String { (retried[member]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ", ") }
    guard tasks > 0 else { return Terminal.print("job \(id): no failed task matches") }
    let putBack = names("put_back")
    Terminal.print(
      "job \(id): \(Quantity.text(tasks)) \(tasks == 1 ? "task" : "tasks") of \(names("stages")) tried again"
        + (putBack.isEmpty ? "" : "; back to waiting: \(putBack)"))
  }
}
