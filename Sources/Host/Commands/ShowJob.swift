import ArgumentParser
import Workflow

struct ShowJob: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "job", abstract: "Show one job: stages, report, failures.")

  @Argument(help: "The job's id.") var id: String
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var host: HostOptions

  func run() async throws {
    let client = host.client
    let path = "/api/jobs/\(HostClient.encoded(id))"
    let job = try client.get(path)
    let failures = try client.get("\(path)/failures")
    if json {
      return Terminal.print(JSON.object(JSONObject([("job", job), ("failures", failures)])).serialized())
    }
    for line in JobLines(job: job).lines + JobReport(job: job, failures: failures).lines { Terminal.print(line) }
  }
}
