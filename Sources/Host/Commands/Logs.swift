import ArgumentParser
import Workflow

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
