import ArgumentParser
import Workflow

struct ListFailures: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "failures", abstract: "List what failed, by cause: in one job, or lately in all.")

  @Argument(help: "The job's id; without it all jobs.") var id: String?
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var host: HostOptions

  func run() async throws {
    let path = id.map { "/api/jobs/\(HostClient.encoded($0))/failures" } ?? "/api/failures"
    let groups = try host.client.get(path)["groups"] ?? .array([])
    if json { return Terminal.print(groups.serialized()) }
    for group in groups.arrayValue ?? [] {
      func text(_ name: String) -> String { group[name]?.stringValue ?? "" }
      func count(_ name: String) -> Int { group[name]?.intValue ?? 0 }
      let place =
        id == nil ? "\(text("workflow"))/\(text("stage")) in \(count("jobs")) \(count("jobs") == 1 ? "job" : "jobs")" : text("stage")
      Terminal.print(
        "\(text("fingerprint"))  \(place): \(text("outcome")), \(Quantity.text(count("failed"))) failed, "
          + "\(Quantity.text(count("attempts"))) \(count("attempts") == 1 ? "attempt" : "attempts"), last \(text("last_at"))")
      Terminal.print("  \(text("text"))")
      Terminal.print("  e.g. \(text("task"))")
    }
  }
}
