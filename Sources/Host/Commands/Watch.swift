import ArgumentParser
import Workflow

struct Watch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Follow a job until it ends.")

  @Argument(help: "The job's id.") var id: String
  @OptionGroup var host: HostOptions

  func run() async throws {
    let job = try JobWatch(client: host.client, job: HostClient.encoded(id)).wait()
    throw ExitCode(job.exitStatus)
  }
}
