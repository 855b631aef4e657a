import ArgumentParser
import Workflow

struct ListJobs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "jobs", abstract: "List jobs, newest first.")

  @Option(help: "Of this workflow only.") var workflow: String?
  @Option(help: "In this state only: queued, running, completed, ...") var state: String?
  @Option(help: "With this label only.") var label: String?
  @Option(help: "At most so many.") var limit = 20
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var host: HostOptions

  func run() async throws {
    let page = try host.client.get(
      "/api/jobs", [("workflow", workflow), ("state", state), ("label", label), ("limit", "\(limit)")])
    if json { return Terminal.print(page.serialized()) }
    for job in page["jobs"]?.arrayValue ?? [] {
      func text(_ name: String) -> String { job[name]?.stringValue ?? "" }
      Terminal.print(
        "\(text("id").padded(to: 8)) \(text("state").padded(to: 22)) \(text("created_at").padded(to: 25)) \(text("workflow"))")
    }
  }
}

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

struct Watch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Follow a job until it ends.")

  @Argument(help: "The job's id.") var id: String
  @OptionGroup var host: HostOptions

  func run() async throws {
    let job = try JobWatch(client: host.client, job: HostClient.encoded(id)).wait()
    throw ExitCode(job.exitStatus)
  }
}

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

struct Logs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Print what the tasks of a job logged.")

  @Argument(help: "The job's id, or a task's: JOB/STAGE/N.") var id: String
  @Option(help: "Of this stage only.") var stage: String?
  @Option(help: "At least: debug, info, warning, error.") var level = "info"
  @Flag(help: "Print JSON, one line of the log a line.") var json = false
  @OptionGroup var host: HostOptions

  func run() async throws {
    let parts = id.split(separator: "/").map(String.init)
    guard let job = parts.first, parts.count == 1 || parts.count == 3 else {
      throw ValidationError("\"\(id)\" is neither a job's id nor a task's (JOB/STAGE/N).")
    }
    let client = host.client
    var after: String?
    repeat {
      let page = try client.get(
        "/api/jobs/\(HostClient.encoded(job))/logs",
        [
          ("stage", parts.count == 3 ? parts[1] : stage), ("n", parts.count == 3 ? parts[2] : nil), ("level", level),
          ("after", after), ("limit", "1000"),
        ])
      for line in page["lines"]?.arrayValue ?? [] { Terminal.print(json ? line.serialized() : text(of: line)) }
      after = page["next"]?.stringValue
    } while after != nil
  }

  private func text(of line: JSON) -> String {
    func text(_ name: String) -> String { line[name]?.stringValue ?? "" }
    let fields = line["fields"]?.objectValue?.members.map { " \($0.key)=\($0.value.stringValue ?? $0.value.serialized())" }
    return "\(text("at")) \(text("level").padded(to: 7)) \(text("stage"))/\(line["n"]?.intValue ?? 0) "
      + "#\(line["attempt"]?.intValue ?? 0)  \(text("message"))\((fields ?? []).joined())"
  }
}
