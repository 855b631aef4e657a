import ArgumentParser
import Workflow

struct Release: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Let hosts use a build again that is in quarantine.")

  @Argument(help: "The library's hash, or its beginning; `weir quarantines` lists them.") var hash: String
  @OptionGroup var host: HostOptions

  func run() async throws {
    let released = try host.client.post("/api/quarantines/\(HostClient.encoded(hash))/release")
    Terminal.print("released \(released["library_hash"]?.stringValue ?? "")")
  }
}
