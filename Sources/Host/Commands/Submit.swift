import ArgumentParser
import Glibc
import Runtime
import Workflow

struct Submit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Submit a job and wait for its end.",
    discussion: "Ends with 0 when the job completed, 3 when it completed with errors, 1 when it failed or was cancelled.")

  @Argument(help: "The workflow's name.") var workflow: String
  @Option(name: .shortAndLong, help: "The parameters: a JSON object, or @FILE.") var params = "{}"
  @Option(help: "A job of the workflow with the same key is answered instead of a new one.") var dedupKey: String?
  @Option(parsing: .unconditional, help: "Higher goes first; below 0 is after the others.") var priority: Int?
  @Option(help: "RFC 3339; nothing runs before.") var notBefore: String?
  @Option(help: "A word to find the job by; again for more.") var label: [String] = []
  @Flag(help: "Print the job's id and do not wait.") var detach = false
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var host: HostOptions

  func run() async throws {
    let client = host.client
    let submitted = try client.post(
      "/api/jobs/submit/\(HostClient.encoded(workflow))",
      [
        ("dedup_key", dedupKey), ("priority", priority.map(String.init)), ("not_before", notBefore),
        ("label", label.isEmpty ? nil : label.joined(separator: ",")),
      ],
      body: try body())
    guard let id = submitted["job_id"]?.stringValue else { throw Failure("the host's answer has no job_id") }
    if detach {
      Terminal.print(json ? submitted.serialized() : id)
      return
    }
    let job = try JobWatch(client: client, job: id, isQuiet: json).wait()
    if json { Terminal.print(job.serialized()) }
    throw ExitCode(job.exitStatus)
  }

  private func body() throws -> [UInt8] {
    guard params.hasPrefix("@") else { return Array(params.utf8) }
    return try ManifestFolder.read(String(params.dropFirst()))
  }
}

extension JSON {
  /// What a command that waited for the job ends with.
  var exitStatus: Int32 {
    switch self["state"]?.stringValue.flatMap(JobState.init(rawValue:)) {
    case .completed?: 0
    case .completedWithErrors?: 3
    default: 1
    }
  }
}
